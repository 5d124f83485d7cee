"""A buyer without a mouse: Tab, Enter, Space and arrows, and nothing else."""

import re

from playwright.sync_api import Locator, Page, expect

FARTHEST = 120
"""Stops of the Tab key; more than any page has."""
HAS_FOCUS = "element => element === document.activeElement"


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, place: Locator, key: str = "Tab") -> None:
        """Goes on with the Tab key until `place` has the focus."""
        expect(place).to_be_visible()
        for _ in range(FARTHEST):
            if place.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the Tab key does not reach {place}")

    def press(self, name: str | re.Pattern[str], key: str = "Tab") -> None:
        """The button of that name, wherever the keyboard can be now."""
        self.reach(self.button(name), key)
        self.page.keyboard.press("Enter")

    def write(self, label: str, words: str) -> None:
        self.reach(self.page.get_by_role("textbox", name=label, exact=True))
        self.page.keyboard.insert_text(words)

    def tick(self, name: str) -> None:
        self.reach(self.page.get_by_role("checkbox", name=name))
        self.page.keyboard.press("Space")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """Of the open sheet, while there is one."""
        within = self.page.locator("dialog[open], body:not(:has(dialog[open]))")
        named = within.get_by_role("button", name=name, exact=isinstance(name, str))
        return named.locator("visible=true").first
