"""A real programme, made live by ffmpeg: an upright picture with a clock, a card for each shop, a tone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

MIME = "video/x-matroska;codecs=avc1,opus"
FONT = Path(__file__).parents[1] / "web" / "static" / "build" / "fonts" / "PretendardVariable.ttf"
WIDTH, HEIGHT, RATE = 720, 1280, 30
BOARD_LEFT, BOARD_TOP, BOARD_WIDTH, BOARD_HEIGHT = 60, 214, 500, 136
"""What the page leaves free on a phone: buttons lie above and to the right, the chat below."""
ALLEY = 720
LARGEST_TITLE, GLYPH = 46, 0.9
"""Pixels of a title, and how wide a Hangul glyph is of them."""
TURN_SECONDS = 20
"""How long a shop is on the screen."""
FADE_SECONDS = 0.6
CREAM, INK, ORANGE = "0xFFF4EF", "0x2C2520", "0xE8602F"
BACKGROUND = (
    f"gradients=s={WIDTH // 4}x{HEIGHT // 4}:r={RATE}:n=3:c0=0xE8602F:c1=0xF6B26B:c2=0x8C2E13"
    f":speed=0.012:type=linear,scale={WIDTH}:{HEIGHT}:flags=fast_bilinear,format=yuv420p"
)
SOUND = "sine=f=220:r=48000,tremolo=f=0.25:d=0.7,volume=0.06"


@dataclass(frozen=True)
class Card:
    """What the screen says while a shop has its turn."""

    title: str
    line: str


def command(cards: Sequence[Card], note: str, folder: Path) -> list[str]:
    """The ffmpeg that writes the programme to its standard output, as fast as it plays.

    Words go through files in `folder`: nothing in a shop's name can then mean something to ffmpeg.
    """
    filters = [BACKGROUND, *_shapes(), *_clock(), *_words(folder, "note", note, _at(104, 22, INK))]
    for turn, card in enumerate(cards):
        shown = _in_turn(turn, len(cards))
        title = f"{card.title} · {card.line}"
        filters += _words(folder, f"{turn}", title, _at(10, _size(title), INK) + shown)
    return [
        *(get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin"),
        *("-re", "-f", "lavfi", "-i", ",".join(filters)),
        *("-re", "-f", "lavfi", "-i", SOUND),
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline"),
        *("-b:v", "1500k", "-maxrate", "2000k", "-bufsize", "2000k"),
        *("-g", str(RATE), "-keyint_min", str(RATE), "-sc_threshold", "0", "-threads", "1"),
        *("-c:a", "libopus", "-b:a", "64k", "-ac", "1"),
        *("-f", "matroska", "-cluster_time_limit", "250", "-flush_packets", "1", "pipe:1"),
    ]


def _shapes() -> list[str]:
    """An awning that sways above and a parcel that travels along the alley: the eye sees every stutter."""
    stripe = WIDTH // 6
    awning = [
        f"drawbox=x={number * stripe}:y='-20+14*sin(t*1.6+{number})':w={stripe}:h=150:t=fill"
        f":c={CREAM if number % 2 else ORANGE}@0.95"
        for number in range(6)
    ]
    parcel = (
        f"drawbox=x='mod(t*180\\,{WIDTH + 120})-120':y='{ALLEY}-60*abs(sin(t*3))':w=120:h=90:t=fill:c={INK}"
    )
    ribbon = (
        f"drawbox=x='mod(t*180\\,{WIDTH + 120})-68':y='{ALLEY}-60*abs(sin(t*3))':w=16:h=90:t=fill:c={ORANGE}"
    )
    board = f"drawbox=x={BOARD_LEFT}:y={BOARD_TOP}:w={BOARD_WIDTH}:h={BOARD_HEIGHT}:t=fill:c={CREAM}@0.94"
    return [*awning, parcel, ribbon, board]


def _clock() -> list[str]:
    """The time at which a picture was made, to the hundredth: what the player's delay is seen by."""
    digits = "%{localtime\\:%H\\\\\\:%M\\\\\\:%S.%2N}"
    # The place is fixed: centred digits of changing width would tremble.
    place = f"x={BOARD_LEFT + 128}:y={BOARD_TOP + 58}"
    return [f"drawtext=fontfile={FONT}:fontsize=44:fontcolor={INK}:{place}:text='{digits}'"]


def _words(folder: Path, name: str, words: str, style: str) -> list[str]:
    path = folder / f"{name}.txt"
    path.write_text(words, encoding="utf-8")
    return [f"drawtext=fontfile={FONT}:textfile={path}:expansion=none:{style}"]


def _at(y: int, size: int, colour: str) -> str:
    """In the middle of the board, `y` below its top."""
    middle = BOARD_LEFT + BOARD_WIDTH // 2
    return f"fontsize={size}:fontcolor={colour}:x={middle}-tw/2:y={BOARD_TOP + y}"


def _size(title: str) -> int:
    """The font size at which a title fits the board."""
    return max(12, min(LARGEST_TITLE, int(BOARD_WIDTH / (GLYPH * len(title)))))


def _in_turn(turn: int, of: int) -> str:
    """Shown for its own seconds of every round, fading in."""
    since = f"mod(t\\,{of * TURN_SECONDS})-{turn * TURN_SECONDS}"
    inside = f"between({since}\\,0\\,{TURN_SECONDS - 0.001})"
    return f":enable='{inside}':alpha='min(1\\,max(0\\,({since})/{FADE_SECONDS}))'"
