"""What goes wrong in the middle of a show: no network, a page loaded anew, a server that dies."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Response, expect

from tests.journeys.footage import Footage, footage
from tests.journeys.people import Guest, Merchant, until
from tests.journeys.server import Server

CUT_SECONDS = 10
UNBROKEN = 0.5
"""Seconds between two pictures; a lost chunk would leave a gap of its own length or end the epoch."""

CHUNK = re.compile(r"/ingest/\d+/\d+$")


def test_a_cut_of_ten_seconds_is_sent_afterwards_and_is_in_the_recording(
    merchant: Merchant, guest: Guest, server: Server
) -> None:
    merchant.go_on_air()
    began = time.monotonic()
    guest.visit()
    guest.sees_the_picture_move()

    merchant.context.set_offline(True)
    expect(merchant.connection).to_contain_text("인터넷이 끊겼어요")
    merchant.picture_of("studio-cut")
    merchant.page.wait_for_timeout(CUT_SECONDS * 1000)
    merchant.context.set_offline(False)
    merchant.is_on_air()
    guest.sees_the_picture_move()

    lasted = time.monotonic() - began
    merchant.end()
    merchant.picture_of("studio-over")
    (recorded,) = recordings(server)
    assert recorded.widest_gap < UNBROKEN
    assert recorded.seconds > lasted - UNBROKEN


def test_the_show_goes_on_after_the_studio_is_loaded_anew(
    merchant: Merchant, guest: Guest, server: Server
) -> None:
    merchant.go_on_air()
    guest.visit()
    guest.sees_the_picture_move()

    merchant.page.on("dialog", lambda dialog: dialog.accept())
    merchant.page.reload()
    merchant.is_on_air()
    until(guest.page, lambda: "#EXT-X-DISCONTINUITY\n" in playlist(server), lambda: playlist(server))
    guest.sees_the_picture_move()
    assert len(recordings(server)) == 2


def test_a_server_that_dies_loses_no_picture_and_no_word(
    merchant: Merchant, guest: Guest, server: Server
) -> None:
    sent = Acknowledged(merchant)
    merchant.go_on_air()
    guest.visit()
    guest.sees_the_picture_move()
    guest.say("떡 얼마예요?", nickname="느티나무")

    server.kill()
    expect(merchant.connection).to_contain_text("인터넷이 끊겼어요")
    server.start()
    merchant.is_on_air()
    guest.sees_the_picture_move()
    merchant.say("잠깐 끊겼지만 돌아왔어요")
    expect(guest.chat).to_contain_text("잠깐 끊겼지만 돌아왔어요")
    expect(guest.chat.get_by_text("떡 얼마예요?")).to_have_count(1)

    merchant.end()
    (recorded,) = recordings(server)
    assert recorded.widest_gap < UNBROKEN
    assert sent.chunks > 0
    assert recorded.seconds >= sent.seconds - UNBROKEN


class Acknowledged:
    """Counts the chunks of picture that the server took from the merchant."""

    TIMESLICE = 0.25
    """Seconds of picture in a chunk."""

    def __init__(self, merchant: Merchant) -> None:
        self.chunks = 0
        merchant.page.on("response", self._count)

    def _count(self, response: Response) -> None:
        self.chunks += (
            response.ok and response.request.method == "POST" and CHUNK.search(response.url) is not None
        )

    @property
    def seconds(self) -> float:
        return self.chunks * self.TIMESLICE


def recordings(server: Server) -> Sequence[Footage]:
    return [footage(path) for path in by_epoch(server.folder / "recording")]


def by_epoch(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob("*.mp4"), key=lambda path: int(path.stem))


def playlist(server: Server) -> str:
    with urlopen(f"{server.show}source/media.m3u8") as answer:  # noqa: S310 - our own http address
        text: str = answer.read().decode()
        return text
