"""Opening an account, with the code from the mail."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.hands import Hand

OpenMail = Callable[[str, str], Locator]


def register(hand: Hand, page: Page, name: str, email: str, open_mail: OpenMail) -> None:
    """Go from the form to where the account was wanted for. `name`: first and last."""
    for label, word in zip(("Vorname", "Nachname"), name.split(), strict=True):
        field = page.get_by_label(label)
        if field.input_value() != word:  # where it was not typed on the way
            hand.fill(field, word)
    hand.fill(page.get_by_label("E-Mail"), email)
    for field in page.locator("input[type=password]").all():
        hand.fill(field, f"{PASSWORD}-neu")
    hand.press(page.get_by_role("button", name="Registrieren"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")
    code = re.search(r"\d{4}-\d{4}", open_mail(email, "Ihr Code").inner_text())
    assert code
    hand.fill(page.get_by_label("Code"), code[0])
    hand.press(page.get_by_role("button", name="Bestätigen"))
