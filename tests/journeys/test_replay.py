"""After its end a show is watched again at the same address, with the talk in step with the picture."""

import re
from datetime import datetime
from urllib.request import urlopen

import orjson
from playwright.sync_api import expect

from tests.journeys.people import Guest, Merchant, until
from tests.journeys.server import Server

BEGINNING_SECONDS = 4
"""Of the show, before anybody speaks."""
IN_STEP_SECONDS = 3
"""A page learns four times a second where its picture is; the rest is for a busy machine."""


def test_the_end_of_a_show_is_the_beginning_of_its_replay(
    merchant: Merchant, guest: Guest, server: Server
) -> None:
    merchant.go_on_air()
    guest.visit()
    guest.sees_the_picture_move()
    until(guest.page, lambda: guest.playback()["at"] > BEGINNING_SECONDS, lambda: str(guest.playback()))
    guest.say("안녕하세요, 잘 보여요", nickname="느티나무")
    guest.sees_the_picture_move()
    guest.sees_the_picture_move()
    merchant.end()

    expect(guest.page.get_by_role("region", name="방송 화면")).to_contain_text("방송이 끝났어요")
    guest.picture_of("show-over-phone")
    guest.page.get_by_role("link", name="다시보기").click()
    expect(guest.page).to_have_url(server.show)
    assert guest.page.locator("body").get_attribute("data-phase") == "ended"

    guest.sees_the_picture_move()
    said = moment_of("안녕하세요, 잘 보여요", server)
    assert guest.playback()["at"] < said
    expect(guest.chat).not_to_contain_text("안녕하세요, 잘 보여요")
    expect(guest.chat).to_contain_text("안녕하세요, 잘 보여요")
    assert said <= guest.playback()["at"] < said + IN_STEP_SECONDS
    guest.picture_of("replay-phone")

    guest.page.get_by_role("slider", name="방송 위치").press("Home")
    expect(guest.chat).not_to_contain_text("안녕하세요, 잘 보여요")
    assert guest.playback()["at"] < said
    until(guest.page, lambda: bool(guest.playback()["ended"]), lambda: f"no end: {guest.playback()}")
    expect(guest.chat.get_by_text("안녕하세요, 잘 보여요")).to_have_count(1)


def moment_of(words: str, server: Server) -> float:
    """Seconds of the replay at which it was said, by the room's record and the playlist."""
    playlist = read(f"{server.show}source/media.m3u8")
    assert playlist.rstrip().endswith("#EXT-X-ENDLIST")
    first = re.search(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)", playlist)
    assert first
    said = [
        line for line in orjson.loads(read(f"{server.show}feed/state.json"))["chat"] if line["text"] == words
    ]
    assert len(said) == 1
    moment: float = said[0]["at"] / 1000 - datetime.fromisoformat(first[1]).timestamp()
    return moment


def read(address: str) -> str:
    with urlopen(address) as answer:  # noqa: S310 - our own http address
        text: str = answer.read().decode()
        return text
