"""Which shows can be watched again."""

from golmok.configuration import CONFIGURATION


def has_replay(show_id: str) -> bool:
    """Whether picture of the show was kept; of one that never sent any there is nothing to watch."""
    return (CONFIGURATION.shows / show_id / "index.m3u8").is_file()
