"""The demo's programme is a real picture; its stage refuses a taken port before it does anything."""

import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from golmok.configuration import CONFIGURATION
from golmok.demo.programme import RATE, Card, command
from golmok.demo.stage import name_an_operator, offer_two_qualities, run

SPITEFUL = "it's 100% %{localtime}: \\ 떡, 한과"


def test_any_shop_name_makes_a_picture_and_a_tone(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    arguments = command([Card("바른떡", SPITEFUL)], "예시", tmp_path)
    subprocess.run([*arguments[:-1], "-t", "1", str(film)], check=True)
    look = [get_ffmpeg_exe(), "-hide_banner", "-i", film, "-map", "0:v", "-c", "copy", "-f", "null", "-"]
    said = subprocess.run(look, check=True, capture_output=True, text=True).stderr
    assert "Video: h264" in said
    assert "720x1280" in said
    assert "Audio: opus" in said
    assert f"frame={RATE:5d}" in said


def test_a_taken_port_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run(replace(CONFIGURATION, port=port)) == 1
    assert str(port) in capsys.readouterr().out


def test_the_demo_is_run_by_somebody_invented() -> None:
    environment: dict[str, str] = {}
    name_an_operator(environment)
    assert "예시" in environment["GOLMOK_OPERATOR_NAME"]
    assert "예시" in environment["GOLMOK_OPERATOR_BUSINESS_NUMBER"]


def test_an_operator_who_is_named_stays() -> None:
    environment = {"GOLMOK_OPERATOR_NAME": "관악구"}
    name_an_operator(environment)
    assert environment == {"GOLMOK_OPERATOR_NAME": "관악구"}


def test_the_demo_has_two_qualities_unless_its_operator_wants_one() -> None:
    environment: dict[str, str] = {}
    offer_two_qualities(environment)
    assert environment == {"GOLMOK_DATA_SAVER": "1"}
    environment = {"GOLMOK_DATA_SAVER": "0"}
    offer_two_qualities(environment)
    assert environment == {"GOLMOK_DATA_SAVER": "0"}
