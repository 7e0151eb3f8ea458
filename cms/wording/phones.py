"""Phone numbers as links."""

import re
from functools import lru_cache

import phonenumbers

# The first thing in a text that looks like a number: "Tel. (05181) 702-0 (Rezepte)".
_NUMBER = re.compile(r"[+(]?\d[\d\s()/.–-]*")
# 112, 115, 116117: not in the numbering plan, dialled as they stand.
_SHORT_CODE = re.compile(r"[1-9]\d{2,5}")


@lru_cache(maxsize=1024)
def phone_uri(text: str) -> str:
    """Return "tel:+493023125410" for a number as Germans write it, "tel:116117" for a short code.

    What is no known number gives its digits, a text without digits gives "".
    """
    found = _NUMBER.search(text)
    if found is None:
        return ""
    digits = re.sub(r"\D", "", found[0])
    plus = "+" if found[0].startswith("+") else ""
    if not plus and _SHORT_CODE.fullmatch(digits):
        return f"tel:{digits}"
    try:
        number = phonenumbers.parse(found[0], "DE")
    except phonenumbers.NumberParseException:
        return f"tel:{plus}{digits}"
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"
