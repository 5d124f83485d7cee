"""Keeps the garbage collector out of the way while pytest compiles tests.

Python 3.11 before 3.11.5 (Debian 12 has 3.11.2) can fail an `ast.parse` with "AST constructor recursion depth
mismatch" when a collection runs finalizers in the middle of it (https://github.com/python/cpython/issues/106905).
pytest parses every test module, and all of hypothesis, to rewrite their assertions.
"""

import gc

gc.disable()

import hypothesis  # noqa: E402, F401 - compiled here, not in the middle of reporting a failure


def pytest_collection_finish() -> None:
    gc.enable()
