"""Checks of single values, shared by models and forms. Messages say what to do next."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

EMERGENCY_NUMBERS = frozenset({"112", "110", "116117"})

# First path segments that belong to the software.
RESERVED_SLUGS = frozenset(
    [
        "zentren",
        "raeume",
        "oeffnungszeiten",
        "suche",
        "konto",
        "buchungen",
        "verwaltung",
        "api",
        "schild",
        "health",
        "media",
        "static",
        "demo",
        "en",
        "de-simple",
        "documents",
    ],
)

# What people type between the digits. phonenumbers itself would pick a number out of any text.
PHONE_CHARACTERS = re.compile(r"[+()\d /.–-]+")
SHORTEST_PHONE = 5

# Invisible signs that turn the direction of writing, for the words that follow as well.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

validate_postcode = RegexValidator(r"^\d{5}$", _("Please enter a postcode of five digits."))
validate_direction = RegexValidator(
    TURNING,
    _(
        "There is an invisible sign in this text that turns the direction of writing. Please type"
        " the text instead of pasting it."
    ),
    code="direction",
    inverse_match=True,
)


def validate_phone(value: str) -> None:
    """Accept German numbers as people write them, and the emergency numbers."""
    digits = "".join(character for character in value if character.isdigit())
    if digits in EMERGENCY_NUMBERS:
        return
    if not (PHONE_CHARACTERS.fullmatch(value) and _is_possible(value, digits)):
        raise ValidationError(
            _("Please enter a phone number with its area code, for example 05181 12345."),
            code="phone",
        )


def _is_possible(value: str, digits: str) -> bool:
    if len(digits) < SHORTEST_PHONE:
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(value, "DE"))
    except phonenumbers.NumberParseException:
        return False


def validate_free_slug(value: str) -> None:
    """Refuse a first path segment that the software itself answers."""
    if value in RESERVED_SLUGS:
        raise reserved_slug_error(value)


def reserved_slug_error(value: str) -> ValidationError:
    return ValidationError(
        _("“%(value)s” is used by the site itself. Please choose another short name."),
        code="reserved",
        params={"value": value},
    )
