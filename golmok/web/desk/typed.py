"""Unfold's decorators with types."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.db.models import Model
from unfold.decorators import action, display

from golmok.domain.core.bilingual import here

F = TypeVar("F", bound=Callable[..., Any])


def column(
    description: object, *, chips: Mapping[str, str] | None = None, ordering: str | None = None
) -> Callable[[F], F]:
    """A column of a list; with `chips` it returns (state, word) and the state's colour is looked up."""
    return cast(Callable[[F], F], display(description=description, label=chips, ordering=ordering))


def button(description: object, *, permission: str, icon: str) -> Callable[[F], F]:
    """A button beside Save or above the form, for those with `has_<permission>_permission`."""
    return cast(Callable[[F], F], action(description=description, permissions=[permission], icon=icon))


def spoken(field: str, description: object) -> Callable[[Model], str]:
    """A column with `field` in the language of the page."""

    @column(description, ordering=field)
    def value(row: Model) -> str:
        return here(row, field)

    return value
