"""Chromium for the journeys: phones and desktops with a fake camera, and axe to look at their pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def phone(browser: Browser, url: str, locale: str = "ko-KR") -> Page:
    """A page of a person of their own, on a small phone."""
    context = await browser.new_context(
        base_url=url, locale=locale, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    return await context.new_page()


async def desktop(browser: Browser, url: str, locale: str = "ko-KR") -> Page:
    """A page of a person of their own, at a desk."""
    context = await browser.new_context(base_url=url, locale=locale, viewport={"width": 1280, "height": 900})
    return await context.new_page()


async def violations(page: Page) -> list[str]:
    """What axe holds against the page as it is now."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(
        "async () => (await axe.run()).violations.map("
        "(v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)"
    )
    return found
