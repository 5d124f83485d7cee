"""Prepares a fresh var folder with the sample festa: ``python -m bench.stage.festa``, run as a child."""

import os
from datetime import UTC, datetime

from golmok.cli import prepare


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "golmok.settings")
    prepare()
    from golmok.demo import sample

    print(sample.load(datetime.now(UTC)).show_id)


if __name__ == "__main__":
    main()
