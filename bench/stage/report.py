"""Figures for people, then one line of JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence

import orjson


def percentile(values: Iterable[float], percent: float) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, -int(-percent * len(ordered) // 100) - 1)]


def table(runs: Sequence[Mapping[str, object]]) -> str:
    """Runs with the same keys: a line for each key, a column for each run."""
    lines = [[key, *(str(run[key]) for run in runs)] for key in runs[0]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(word.rjust(width) for word, width in zip(line, widths, strict=True)) for line in lines
    )


def conclude(runs: Sequence[Mapping[str, object]], figures: Mapping[str, object]) -> None:
    """Prints the table, and `figures` as the last line."""
    print(table(runs), end="\n\n")
    print(orjson.dumps(figures).decode(), flush=True)
