"""How somebody works a page: with a mouse or finger, or by keyboard alone."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

MOST_TABS = 150


@dataclass
class Hand:
    """Somebody at a page. It counts what a form costs: fields filled in, and presses."""

    by_keyboard: bool = False
    fields: int = 0
    presses: int = 0

    def press(self, target: Locator) -> None:
        self.presses += 1
        if not self.by_keyboard:
            target.click()
            return
        self.reach(target)
        target.page.keyboard.press("Enter")

    def fill(self, target: Locator, value: str) -> None:
        self.fields += 1
        if not self.by_keyboard or target.get_attribute("type") in {"date", "time"}:
            target.fill(value)
            return
        self.reach(target)
        target.page.keyboard.press("ControlOrMeta+a")
        target.page.keyboard.type(value)

    def tick(self, target: Locator) -> None:
        self.presses += 1
        if not self.by_keyboard:
            target.check()
            return
        self.reach(target)
        target.page.keyboard.press("Space")

    def reach(self, target: Locator) -> None:
        """Tab to it: what cannot be reached so cannot be worked without a mouse."""
        expect(target).to_be_visible()
        for _tab in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            target.page.keyboard.press("Tab")
        pytest.fail(f"not reached by the Tab key: {target}")
