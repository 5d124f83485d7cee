"""What a recording really holds: the moments of its pictures, as ffmpeg lists them."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe


@dataclass(frozen=True)
class Footage:
    moments: Sequence[float]
    """Seconds at which its pictures are shown."""

    @property
    def seconds(self) -> float:
        return self.moments[-1] - self.moments[0]

    @property
    def widest_gap(self) -> float:
        return max(after - before for before, after in zip(self.moments, self.moments[1:], strict=False))


def footage(recording: Path) -> Footage:
    """Of one epoch."""
    show_packets = ("-copyts", "-i", recording, "-map", "0:v:0", "-c", "copy", "-f", "framemd5", "-")
    listed = subprocess.run(
        (get_ffmpeg_exe(), "-v", "error", *show_packets), check=True, capture_output=True, text=True
    ).stdout
    timebase = re.search(r"#tb 0: (\d+)/(\d+)", listed)
    assert timebase, listed[:500]
    tick = int(timebase[1]) / int(timebase[2])
    lines = [line.split(",") for line in listed.splitlines() if not line.startswith("#")]
    return Footage(sorted(int(line[2]) * tick for line in lines))
