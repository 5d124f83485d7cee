import pytest

from tests.calm_compiler import pytest_collection_finish

__all__ = ["pytest_collection_finish", "pytest_collection_modifyitems"]

ONE_AFTER_THE_OTHER = ("tests/domain/races/", "tests/drop/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers and races share one worker: beside each other on two cores they would wait for each other."""
    for item in items:
        if item.get_closest_marker("browser") or item.nodeid.startswith(ONE_AFTER_THE_OTHER):
            item.add_marker(pytest.mark.xdist_group("one-after-the-other"))
