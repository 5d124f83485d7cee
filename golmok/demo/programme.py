"""A real programme, made live by ffmpeg: an upright picture with a clock, a card for each shop, a tone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

MIME = "video/x-matroska;codecs=avc1,opus"
FONT = Path(__file__).parents[1] / "web" / "static" / "build" / "fonts" / "PretendardVariable.ttf"
WIDTH, HEIGHT, RATE = 720, 1280, 30
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
    filters = [BACKGROUND, *_shapes(), *_clock(), *_words(folder, "note", note, _at(1180, 30, CREAM))]
    for turn, card in enumerate(cards):
        shown = _in_turn(turn, len(cards))
        filters += _words(folder, f"{turn}-title", card.title, _at(800, 76, INK) + shown)
        filters += _words(folder, f"{turn}-line", card.line, _at(910, 40, INK) + shown)
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
    parcel = f"drawbox=x='mod(t*180\\,{WIDTH + 120})-120':y='560-60*abs(sin(t*3))':w=120:h=90:t=fill:c={INK}"
    ribbon = f"drawbox=x='mod(t*180\\,{WIDTH + 120})-68':y='560-60*abs(sin(t*3))':w=16:h=90:t=fill:c={ORANGE}"
    board = f"drawbox=x=40:y=760:w={WIDTH - 80}:h=230:t=fill:c={CREAM}@0.94"
    return [*awning, parcel, ribbon, board]


def _clock() -> list[str]:
    """The time at which a picture was made, to the hundredth: what the player's delay is seen by."""
    plate = f"drawbox=x=150:y=210:w={WIDTH - 300}:h=110:t=fill:c={INK}@0.82"
    digits = "%{localtime\\:%H\\\\\\:%M\\\\\\:%S.%2N}"
    return [plate, f"drawtext=fontfile={FONT}:fontsize=64:fontcolor={CREAM}:x=188:y=232:text='{digits}'"]


def _words(folder: Path, name: str, words: str, style: str) -> list[str]:
    path = folder / f"{name}.txt"
    path.write_text(words, encoding="utf-8")
    return [f"drawtext=fontfile={FONT}:textfile={path}:expansion=none:{style}"]


def _at(y: int, size: int, colour: str) -> str:
    return f"fontsize={size}:fontcolor={colour}:x=(w-tw)/2:y={y}"


def _in_turn(turn: int, of: int) -> str:
    """Shown for its own seconds of every round, fading in."""
    since = f"mod(t\\,{of * TURN_SECONDS})-{turn * TURN_SECONDS}"
    inside = f"between({since}\\,0\\,{TURN_SECONDS - 0.001})"
    return f":enable='{inside}':alpha='min(1\\,max(0\\,({since})/{FADE_SECONDS}))'"
