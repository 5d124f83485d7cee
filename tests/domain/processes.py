"""Processes that a test starts, with Django and the test's database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]
RUN = "import django; django.setup(); from {module} import main; main()"


@contextmanager
def running(module: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process in the module's `main()`, with pipes to talk with it; killed at the end."""
    own = {"DATABASE_URL": address_of_the_test_database(), "DJANGO_SETTINGS_MODULE": "golmok.settings"}
    command = [sys.executable, "-c", RUN.format(module=module)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | own, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def address_of_the_test_database() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
