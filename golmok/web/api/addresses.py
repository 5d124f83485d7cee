"""Addresses of pages and files that the API hands out."""

from golmok.web.api.problems import language


def page(path: str) -> str:
    """The page at `path` in the caller's language."""
    return f"/en{path}" if language() == "en" else path


def show_page(show_id: str) -> str:
    return page(f"/shows/{show_id}/")


def order_page(number: str) -> str:
    return page(f"/orders/{number}/")


def folder(show_id: str) -> str:
    """The show folder: the same bytes for every language."""
    return f"/shows/{show_id}/"
