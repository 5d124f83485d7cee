"""Files that are whole whenever they are found."""

from pathlib import Path

import pytest

from golmok.media.files import sync_with_way, write_whole

from .disk import Disk
from .test_timeline import room_for


def test_a_file_that_finds_no_room_leaves_the_old_one_and_no_scraps(tmp_path: Path) -> None:
    path = tmp_path / "index.m3u8"
    write_whole(path, b"old")
    with room_for(10), pytest.raises(OSError, match="File too large"):
        write_whole(path, b"x" * 1000)
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("index.m3u8", b"old")]


def test_a_durable_file_is_synced_before_it_has_its_name_and_its_folder_after(
    tmp_path: Path, disk: Disk
) -> None:
    write_whole(tmp_path / "quick", b"x")
    assert disk.synced == []
    write_whole(tmp_path / "safe", b"x", durable=True)
    first, second = disk.synced
    assert first.parent == tmp_path
    assert first.name.startswith(".safe.")
    assert second == tmp_path


def test_the_way_to_a_new_file_is_synced_too(tmp_path: Path, disk: Disk) -> None:
    path = tmp_path / "show" / "recording" / "1.mp4"
    path.parent.mkdir(parents=True)
    path.touch()
    sync_with_way(path)
    assert set(disk.synced) == {path, path.parent, path.parent.parent, tmp_path}
