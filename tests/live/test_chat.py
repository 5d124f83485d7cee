"""What may be said in a room, and what becomes of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golmok.live.chat import LONGEST, clean
from golmok.problems import Problem

from .stage import SHOW, Stage, bearer, events_on_disk


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("안녕하세요", "안녕하세요"),
        ("  two   words \n here\t", "two words here"),
        ("사과\u202e요세하녕안", "사과 요세하녕안"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("e\u0301", "\u00e9"),
        ("\u1112\u1161\u11ab", "한"),
        ("zero\u200bwidth", "zero width"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("❤️", "❤️"),
        ("line\u2028break", "line break"),
        ("\ufefftext", "text"),
        ("<b>굵게</b>", "<b>굵게</b>"),
    ],
)
def test_a_line_is_shown_as_it_was_meant(written: str, said: str) -> None:
    assert clean(written) == said


NOTHING = ["", " ", "\n\t", "\u200b\u200d", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\u0301", "\ufe0f"]


@pytest.mark.parametrize("nothing", [*NOTHING, None, 3, ["text"], {}])
def test_a_line_with_nothing_to_see_is_empty(nothing: object) -> None:
    with pytest.raises(Problem) as refused:
        clean(nothing)
    assert (refused.value.status, refused.value.code) == (422, "chat-empty")


def test_a_line_may_be_two_hundred_characters_long() -> None:
    assert len(clean("가" * LONGEST)) == LONGEST == 200
    assert clean(" " * 500 + "가") == "가"
    assert len(clean("\u1100\u1161" * LONGEST)) == LONGEST
    with pytest.raises(Problem) as refused:
        clean("가" * 201)
    assert (refused.value.status, refused.value.code) == (422, "chat-too-long")
    assert refused.value.facts == {"limit": 200, "length": 201}


@given(st.text())
def test_what_was_cleaned_is_clean(written: str) -> None:
    try:
        line = clean(written)
    except Problem:
        return
    assert clean(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert not any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in line)


async def test_what_is_refused_is_refused_in_words(stage: Stage) -> None:
    empty = await stage.say(" ", **{"Accept-Language": "ko"})
    assert (empty.status_code, empty.json()["title"]) == (422, "아직 쓴 말이 없어요")
    long = await stage.say("가" * 300, **{"Accept-Language": "en-GB,en;q=0.9"})
    assert long.status_code == 422
    assert long.headers["content-type"] == "application/problem+json"
    assert long.json()["detail"].startswith("You can send up to 200 characters; this has 300.")
    assert (long.json()["limit"], long.json()["length"]) == (200, 300)


async def test_a_line_that_was_taken_is_on_disk_already(stage: Stage) -> None:
    """What the answer says is true at the moment it is given, not a moment later."""
    for n in range(3):
        chat_id = await stage.said(f"  {n}\u202e번 사과  ", by=f"guest:{n}")
        line = events_on_disk(stage.world, (await stage.state())["epoch"])[-1]
        assert (line["type"], line["id"], line["text"]) == ("chat", chat_id, f"{n} 번 사과")
        assert (line["name"], line["role"]) == ("느티나무", "viewer")


async def test_the_merchant_is_shown_as_the_merchant(stage: Stage) -> None:
    headers = bearer("user:7", role="merchant")
    answer = await stage.client.post(f"/live/{SHOW}/chat", json={"text": "어서 오세요"}, headers=headers)
    assert answer.status_code == 202
    assert (await stage.state())["chat"][-1]["role"] == "merchant"


UNREADABLE = [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 2000, b'{"text": "\\ud800"}']


@pytest.mark.parametrize("body", UNREADABLE)
async def test_what_is_not_an_object_cannot_be_read(stage: Stage, body: bytes) -> None:
    answer = await stage.client.post(f"/live/{SHOW}/chat", content=body, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/message-unreadable"


async def test_a_body_too_large_is_not_read(stage: Stage) -> None:
    large = {"text": "가" * 5000}
    answer = await stage.client.post(f"/live/{SHOW}/chat", json=large, headers=bearer())
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/message-too-large"


@pytest.mark.parametrize("count", [0, 21, -1, 1.0, "1", True, None])
async def test_hearts_come_one_to_twenty_at_once(stage: Stage, count: object) -> None:
    answer = await stage.cheer(count)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-hearts")
    assert answer.json()["most"] == 20


async def test_hearts_add_up(stage: Stage) -> None:
    assert [(await stage.cheer(n)).status_code for n in (1, 20)] == [202, 202]
    assert (await stage.state())["hearts"] == 21
