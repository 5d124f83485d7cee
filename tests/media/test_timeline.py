import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from golmok.media.playlist import media_playlist
from golmok.media.timeline import Epoch, Journal, Part, Timeline


def written(path: Path) -> Timeline:
    journal, timeline = Journal(path), Timeline()
    journal.write(timeline.begin(Epoch(1, 1_658_310_000_000, "avc1.42c01f", 1280, 720), 700))
    for number in range(7):
        journal.write(timeline.add(Part(0.3, number == 0, 10), {1: 300 * number}, 800 + number))
    journal.write(timeline.close_segment())
    journal.write(timeline.add(Part(0.3, True, 10), {1: 2400, 2: 2500}, 900))
    journal.close()
    return timeline


def test_the_journal_rebuilds_the_timeline(tmp_path: Path) -> None:
    path = tmp_path / "timeline.jsonl"
    before, after = written(path), Journal(path).read()
    assert media_playlist(after) == media_playlist(before)
    assert (after.starts, after.recorded, after.edge) == ({1: 2400, 2: 2500}, 900, (1, 1))


def test_a_torn_last_line_is_cut_off_and_writing_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "timeline.jsonl"
    before = written(path)
    with path.open("ab") as file:
        file.write(b'{"part":[0.3,fal')
    journal = Journal(path)
    timeline = journal.read()
    assert media_playlist(timeline) == media_playlist(before)
    journal.write(timeline.add(Part(0.3, False, 10), {1: 2700}, 950))
    journal.close()
    assert Journal(path).read().edge == (1, 2)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_line_the_disk_has_no_room_for_is_not_written_in_part(tmp_path: Path) -> None:
    path = tmp_path / "timeline.jsonl"
    timeline, journal = written(path), Journal(path)
    before = path.read_bytes()
    with room_for(len(before) + 10), pytest.raises(OSError, match="File too large"):
        journal.write(timeline.add(Part(0.3, False, 10), {1: 2700}, 950))
    assert path.read_bytes() == before


def test_what_had_no_room_is_written_before_what_comes_next(tmp_path: Path) -> None:
    path = tmp_path / "timeline.jsonl"
    timeline, journal = written(path), Journal(path)
    with room_for(path.stat().st_size + 10), pytest.raises(OSError, match="File too large"):
        journal.write(timeline.add(Part(0.3, False, 10), {1: 2700}, 950))
    journal.write(timeline.close_segment())
    journal.close()
    assert media_playlist(Journal(path).read()) == media_playlist(timeline)


@pytest.mark.parametrize("damage", [b'{"part":[0.3,fal{"whole":1}\n', b"\0" * 40 + b"\n", b"17\n"])
def test_a_journal_ends_where_it_cannot_be_read(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "timeline.jsonl"
    before = written(path)
    with path.open("ab") as file:
        file.write(damage + b'{"over":true}\n')
    assert media_playlist(Journal(path).read()) == media_playlist(before)
    assert media_playlist(Journal(path).read()) == media_playlist(before)
    assert path.with_name("timeline.jsonl.cut").read_bytes() == damage + b'{"over":true}\n'


def test_a_journal_forgets_a_segment_and_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "timeline.jsonl"
    before = written(path)
    cut = Journal(path).cut(1)
    assert (cut.edge, cut.starts, cut.recorded) == ((1, 0), {1: 1800}, 806)
    assert before.segments[0] == cut.segments[0]
    assert Journal(path).read().edge == (1, 0)


def test_the_peak_is_the_heaviest_whole_segment(tmp_path: Path) -> None:
    timeline = written(tmp_path / "timeline.jsonl")
    assert timeline.peak == int(8 * 70 / timeline.segments[0].seconds)
    timeline.close_segment()
    assert timeline.peak == int(8 * 70 / timeline.segments[0].seconds), "0.3 s say nothing"
