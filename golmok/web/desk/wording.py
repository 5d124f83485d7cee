"""Unfold ships no Korean and an English of its own: its words, said from the one catalogue."""

from gettext import NullTranslations

from django.utils.translation.trans_real import translation

from golmok.messages import LANGUAGES, Language, text

WORDS = {
    "Add new item": "add",
    "Add row": "add-row",
    "All applications": "all-applications",
    "Apply Filters": "apply-filters",
    "Change History": "history",
    "Choose file to upload": "choose-file",
    "Click to cancel": "keep-item",
    "Collapse": "collapse",
    "Current file": "current-file",
    "Dark": "dark",
    "Date from": "from",
    "Date to": "to",
    "Expand row": "expand-row",
    "False": "no",
    "Filters": "filters",
    "From": "from",
    "General": "general",
    "Go back": "back",
    "Image preview": "image-preview",
    "Light": "light",
    "Loading more results...": "loading-more",
    "More actions": "more-actions",
    "New": "new",
    "Next": "next",
    "No data": "no-data",
    "No recent searches": "no-recent-searches",
    "No results found": "no-results",
    "No results matching your query": "no-matches",
    "Please correct the error below.": "correct-error",
    "Previous": "previous",
    "Recent searches": "recent-searches",
    "Record picture": "image-preview",
    "Reset filters": "reset-filters",
    "Return to site": "to-site",
    "Run": "run",
    "Search apps and models...": "search-everywhere",
    "Select action": "select-action",
    "Select action to run": "select-action",
    "Select all rows": "select-all",
    "Select record": "select-record",
    "Select value": "select-value",
    "Submit": "submit",
    "System": "system",
    "This item will be deleted.": "item-goes",
    "This object doesn't have a change history.": "no-history",
    "This page yielded into no results. Create a new item or reset your filters.": "nothing-here",
    "To": "to",
    "Toggle password visibility": "show-password",
    "True": "yes",
    "Type to search": "type-to-search",
}
"""Unfold's words, each with its key after `desk-ui-`."""


class Wording(NullTranslations):
    """The words in `language`, held as Django's catalogues hold theirs."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._catalog = {english: text(f"desk-ui-{key}", language) for english, key in WORDS.items()}

    def plural(self, _count: int) -> int:
        """None of them is counted."""
        return 0


def teach_unfold() -> None:
    """Adds the words to Django's for the life of the process."""
    for language in LANGUAGES:
        translation(language).merge(Wording(language))
