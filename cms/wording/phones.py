"""Phone numbers as links."""

import re
from functools import lru_cache

import phonenumbers

# 112, 115, 116117: not a number of the numbering plan, dialled as they stand.
_SHORT_CODE = re.compile(r"[1-9]\d{2,5}")


@lru_cache(maxsize=1024)
def phone_uri(text: str) -> str:
    """Return "tel:+493023125410" for a number as Germans write it, "tel:116117" for a short code.

    What is no known number gives its digits; a text without digits gives "".
    """
    digits = re.sub(r"\D", "", text)
    if not digits:
        return ""
    if _SHORT_CODE.fullmatch(digits) and not text.strip().startswith("+"):
        return f"tel:{digits}"
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        return f"tel:{'+' if text.strip().startswith('+') else ''}{digits}"
    number.extension = None
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"
