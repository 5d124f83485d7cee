from pathlib import Path

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
