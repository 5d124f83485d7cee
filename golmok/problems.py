"""Errors for machines: RFC 9457 problem documents whose words are for people too.

A problem's `code` names it for programs (``type`` is ``/problems/<code>``) and finds its words in the
catalogue: ``problem-<code>`` is the title, ``problem-<code>-detail`` what to do next.
"""

from dataclasses import dataclass, field

import orjson

from golmok.messages import text

MEDIA_TYPE = "application/problem+json"


@dataclass
class Problem(Exception):
    """Something the caller can understand and mend; raised anywhere, rendered at the edge."""

    status: int
    code: str
    facts: dict[str, object] = field(default_factory=dict)
    """Values for the sentence, and extension members of the document (`left`, `expected`, `errors` …)."""
    headers: dict[str, str] = field(default_factory=dict)

    def document(self, language: str) -> dict[str, object]:
        """The document in the caller's language."""
        return {
            "type": f"/problems/{self.code}",
            "title": text(f"problem-{self.code}", language, **self.facts),
            "status": self.status,
            "detail": text(f"problem-{self.code}-detail", language, **self.facts),
            **self.facts,
        }

    def body(self, language: str) -> bytes:
        return orjson.dumps(self.document(language))
