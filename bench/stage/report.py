"""Figures for people, then one line of JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence

import orjson


def percentile(values: Iterable[float], percent: float) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, -int(-percent * len(ordered) // 100) - 1)]


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows with the same keys, one column a key."""
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(word.rjust(width) for word, width in zip(line, widths, strict=True)) for line in lines
    )


def conclude(rows: Sequence[Mapping[str, object]], figures: Mapping[str, object]) -> None:
    """Prints the table, and `figures` as the last line."""
    print(table(rows), end="\n\n")
    print(orjson.dumps(figures).decode(), flush=True)
