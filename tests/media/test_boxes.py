import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from golmok.media.boxes import Boxes, BrokenMedia, read_fragment, read_init


@pytest.fixture(scope="module")
def fragmented(films: Path) -> bytes:
    """Four seconds in fragments of one second, key frames at 0, 1, 2, 3; AAC beside."""
    arguments = ["-v", "error", "-i", str(films / "h264.mp4"), "-c:v", "copy", "-c:a", "aac", "-ar", "48000"]
    shape = ["-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_keyframe+skip_trailer", "pipe:1"]
    done = subprocess.run([get_ffmpeg_exe(), *arguments, *shape], check=True, capture_output=True)
    return done.stdout


def test_boxes_come_out_whole_however_the_bytes_arrive(fragmented: bytes) -> None:
    at_once, piecemeal = Boxes(), Boxes()
    whole = list(at_once.feed(fragmented))
    pieces = [fragmented[start : start + 997] for start in range(0, len(fragmented), 997)]
    assert [box for piece in pieces for box in piecemeal.feed(piece)] == whole
    assert b"".join(data for _kind, data in whole) == fragmented


def test_init_tells_tracks_codecs_and_size(fragmented: bytes) -> None:
    init = read_init(dict(Boxes().feed(fragmented))[b"moov"])
    video, audio = init.track("video"), init.track("audio")
    assert video is not None
    assert audio is not None
    assert (video.width, video.height, audio.timescale) == (320, 180, 48000)
    assert init.codecs.startswith("avc1.42c0")
    assert init.codecs.endswith(",mp4a.40.2")


def test_fragments_follow_one_another_without_a_gap(fragmented: bytes) -> None:
    boxes = list(Boxes().feed(fragmented))
    init = read_init(dict(boxes)[b"moov"])
    fragments = [read_fragment(box, init) for kind, box in boxes if kind == b"moof"]
    for track in init.tracks:
        spans = [fragment[track] for fragment in fragments]
        assert all(one.end == other.start for one, other in pairwise(spans))
    number = next(n for n, track in init.tracks.items() if track.kind == "video")
    assert all(fragment[number].key for fragment in fragments)
    seconds = fragments[-1][number].end / init.tracks[number].timescale
    assert seconds == pytest.approx(4.0, abs=0.05)


def test_nonsense_is_refused() -> None:
    with pytest.raises(BrokenMedia):
        list(Boxes().feed(b"\0" * 32))
    with pytest.raises(BrokenMedia):
        read_init(b"\0\0\0\x10moov\0\0\0\xfftrak")
