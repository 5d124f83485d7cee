"""docs/reference/settings.md names every setting, with its default, and no other."""

import ast
from dataclasses import fields

from golmok.configuration import Configuration
from tests.docs.pages import REFERENCE, ROOT, rows

SOURCE = (ROOT / "golmok" / "configuration.py").read_text(encoding="utf-8")
READERS = {"os.environ.get", "os.getenv", "_flag"}


def environment_names() -> set[str]:
    """Names that the configuration asks the environment for."""
    tree = ast.walk(ast.parse(SOURCE))
    names = set()
    for node in tree:
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if (
                ast.unparse(func) in READERS
            ):
                names.add(name)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))) if (
                ast.unparse(value) == "os.environ"
            ):
                names.add(name)
    return names


def test_the_page_lists_what_the_configuration_reads() -> None:
    assert set(rows(REFERENCE / "settings.md")) == environment_names()


def test_every_field_is_set_by_one_of_them_or_explained() -> None:
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    assert {field.name for field in fields(Configuration) if f"`{field.name}`" not in page} == set()
