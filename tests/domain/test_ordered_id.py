"""Keys that lie together when they were made together."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from golmok.domain.core.ordered_id import ordered_uuid


@given(st.lists(st.integers(0, 2**47), min_size=2, max_size=20, unique=True))
def test_they_sort_by_the_time_they_were_made_at(moments: list[int]) -> None:
    """Milliseconds."""
    made = []
    for milliseconds in sorted(moments):
        with patch("time.time_ns", lambda ms=milliseconds: ms * 1_000_000):
            made.append(ordered_uuid())
    assert made == sorted(made)
    assert {(key.version, key.variant) for key in made} == {(7, made[0].variant)}
    assert "4122" in made[0].variant


def test_those_of_one_moment_differ() -> None:
    with patch("time.time_ns", lambda: 1_700_000_000_000_000_000):
        assert len({ordered_uuid() for _ in range(1000)}) == 1000
