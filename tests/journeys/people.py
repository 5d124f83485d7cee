"""The people of a journey, and what they do with their hands: pages are read by what they say."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.server import SHOW, Server

PASSWORD = "golmok-demo"
PICTURES = os.environ.get("GOLMOK_JOURNEY_PICTURES", "")
"""A folder for pictures of the pages, for people who want to look at them."""

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "locale": "ko-KR",
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "ko-KR"}
ALLOWED: dict[str, Any] = {"permissions": ["camera", "microphone"]}


PLAYBACK = """video => ({
  frames: video.getVideoPlaybackQuality().totalVideoFrames,
  at: video.currentTime,
  ends: video.duration,
  paused: video.paused,
  ended: video.ended,
  ready: video.readyState,
  width: video.videoWidth,
  height: video.videoHeight,
  error: video.error?.message ?? null,
})"""


AT_REST = """async () => {
  const moves = document.getAnimations().filter(move => move.effect.getTiming().iterations === 1);
  await Promise.all(moves.map(move => move.finished.catch(() => undefined)));
}"""
"""Half-faded words are hard to read, for people and for axe."""


def until(page: Page, reached: Callable[[], bool], otherwise: Callable[[], str], seconds: float = 30) -> None:
    """Looks until it is so; `page` goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, otherwise()
        page.wait_for_timeout(100)


class Person:
    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.page: Page = context.new_page()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def picture_of(self, name: str) -> None:
        if PICTURES:
            self.page.evaluate(AT_REST)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


class Merchant(Person):
    DEVICE = DESK | ALLOWED

    def log_in(self) -> None:
        self.page.goto(f"{self.server.address}/accounts/login/?next=/studio/shows/{SHOW}/")
        self.page.get_by_label("아이디나 이메일").fill("merchant")
        self.page.get_by_label("비밀번호").first.fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="로그인").click()
        expect(self.page).to_have_url(re.compile(f"/studio/shows/{SHOW}/"))

    def go_on_air(self) -> None:
        self.log_in()
        self.button("방송 시작").click()
        self.is_on_air()

    def is_on_air(self) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-face", "live")
        expect(self.connection).to_contain_text("연결 좋음")

    @property
    def connection(self) -> Locator:
        return self.page.locator("[data-connection]")

    @property
    def chat(self) -> Locator:
        return self.page.get_by_role("log", name="채팅")

    @property
    def now_pinned(self) -> Locator:
        return self.page.get_by_role("region", name="지금 걸린 상품")

    def pin(self, product: str) -> None:
        self.button(f"{product} 상품 걸기").click()
        expect(self.button(f"{product} 내리기")).to_be_visible()

    def say(self, words: str) -> None:
        self.page.get_by_label("손님에게 답하기").fill(words)
        self.button("보내기").click()
        expect(self.chat).to_contain_text(words)

    def end(self) -> None:
        """By keyboard, which cannot hold a button down."""
        self.button("방송 끝내기").press("Enter")
        self.button("네, 끝낼게요").click()
        expect(self.page.get_by_role("heading", name="방송이 끝났어요")).to_be_visible()


class Guest(Person):
    DEVICE = PHONE
    AT_A_DESK = DESK

    def visit(self) -> None:
        self.page.goto(self.server.show)

    @property
    def chat(self) -> Locator:
        return self.page.get_by_role("log", name="채팅")

    @property
    def pinned(self) -> Locator:
        return self.page.get_by_role("region", name="지금 소개하는 상품")

    def sees_the_picture_move(self) -> None:
        """It plays by itself, and half a second of new pictures is shown."""
        expect(self.page.locator("[data-stage]")).to_have_attribute("data-scene", "showing")
        before = self.playback()

        def moves() -> bool:
            now = self.playback()
            return (
                not now["paused"] and now["frames"] > before["frames"] + 10 and now["at"] > before["at"] + 0.5
            )

        until(self.page, moves, lambda: f"the picture stands: {before}, then {self.playback()}")

    def playback(self) -> dict[str, Any]:
        state: dict[str, Any] = self.page.locator("video").evaluate(PLAYBACK)
        return state

    def say(self, words: str, nickname: str = "") -> None:
        self.page.get_by_label("메시지", exact=True).fill(words)
        self.button("보내기").first.click()
        if nickname:
            self.page.get_by_label("별명").fill(nickname)
            self.button("이 이름으로 말하기").click()
        expect(self.chat).to_contain_text(words)
