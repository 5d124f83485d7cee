"""Reading a bank's statement (거래내역): a text table, as a file or pasted, or an Excel sheet.

Banks agree on nothing but that there is a row of headings somewhere. Every row with money that came is read,
or the statement is refused as a whole, so that no deposit is lost unseen. What went out is nobody's business
here.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias
from unicodedata import normalize
from zoneinfo import ZoneInfo

from python_calamine import CalamineError, CalamineWorkbook

from golmok.problems import Problem

SEOUL = ZoneInfo("Asia/Seoul")
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How xlsx and xls files begin."""
LONGEST_NAME = 60
# Headings without spaces and what stands in brackets; the first that a statement has is used.
DAYS = ("거래일시", "거래일자", "거래일", "일시", "일자", "날짜", "date")
TIMES = ("거래시간", "거래시각", "시간", "시각", "time")
KINDS = ("구분", "입출금구분", "거래구분", "거래유형", "입출금")
AMOUNTS = ("입금액", "입금금액", "입금", "맡기신금액", "받으신금액", "거래금액", "금액", "deposit", "amount")
NAMES = (
    *("입금자명", "입금자", "의뢰인", "보낸분", "보낸분/받는분", "보낸사람", "기재내용"),
    *("거래기록사항", "내용", "거래내용", "적요", "depositor", "name"),
)
WENT_OUT = re.compile("출금|지급")
SUMS = re.compile("계$|^총")
DIGITS = re.compile(r"\d+")

Cell: TypeAlias = object
Rows: TypeAlias = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Line:
    """Money that came, as the statement says."""

    at: datetime
    """Midnight in Seoul when the statement has only the day."""
    amount: int
    """Won."""
    name: str
    fingerprint: str


def read_statement(content: bytes) -> list[Line]:
    """What came in, oldest first.

    422 `statement-unreadable` when it is no table, `statement-headings` when its headings are not known,
    `statement-row` {row} when a row cannot be understood; 413 `statement-too-long`.
    """
    if len(content) > MOST_BYTES:
        raise Problem(413, "statement-too-long")
    rows = _sheet(content) if content.startswith(EXCEL) else _table(_decoded(content))
    if len(rows) > MOST_ROWS:
        raise Problem(413, "statement-too-long")
    heading, columns = _headings(rows)
    found = []
    for number, row in enumerate(rows[heading + 1 :], start=heading + 2):
        line = columns.read(row, number)
        if line is not None:
            found.append(line)
    return _marked(sorted(found, key=lambda line: line[0]))


@dataclass(frozen=True)
class _Columns:
    day: int
    time: int | None
    amount: int
    name: int
    kind: int | None

    def read(self, row: Sequence[Cell], number: int) -> tuple[datetime, int, str] | None:
        """What came by this row; None when nothing did: money that went out, a sum, an empty line."""
        amount, day = _cell(row, self.amount), _cell(row, self.day)
        went_out = WENT_OUT.search(str(_cell(row, self.kind)))
        if amount in ("", None) or day in ("", None) or went_out or SUMS.search(str(day)):
            return None
        won, at = _won(amount), _moment(day, _cell(row, self.time))
        if won is None or at is None:
            raise Problem(422, "statement-row", {"row": number})
        return (at, won, _name(_cell(row, self.name))) if won > 0 else None


def _marked(lines: Iterable[tuple[datetime, int, str]]) -> list[Line]:
    """Lines alike to the second are told apart by their order among themselves."""
    seen: Counter[tuple[datetime, int, str]] = Counter()
    marked = []
    for at, amount, name in lines:
        seen[at, amount, name] += 1
        of = f"{at.isoformat()}|{amount}|{name}|{seen[at, amount, name]}"
        marked.append(Line(at, amount, name, sha256(of.encode()).hexdigest()))
    return marked


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem(422, "statement-unreadable")


def _table(text: str) -> Rows:
    """Separated by whatever separates the most: pasted tables have tabs, files commas."""
    separator = max("\t,;|", key=text.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as broken:
        raise Problem(422, "statement-unreadable") from broken


def _sheet(content: bytes) -> Rows:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except CalamineError as broken:
        # Also what a password protects.
        raise Problem(422, "statement-unreadable") from broken


def _headings(rows: Rows) -> tuple[int, _Columns]:
    """The first row that names day, sum and name."""
    for number, row in enumerate(rows):
        titles = [_title(cell) for cell in row]
        day, amount, name = (_first(titles, known) for known in (DAYS, AMOUNTS, NAMES))
        if day is not None and amount is not None and name is not None:
            return number, _Columns(day, _first(titles, TIMES), amount, name, _first(titles, KINDS))
    raise Problem(422, "statement-headings")


def _title(cell: Cell) -> str:
    return re.sub(r"\s|\(.*?\)|\[.*?\]", "", normalize("NFC", str(cell))).casefold()


def _first(titles: Sequence[str], known: Sequence[str]) -> int | None:
    return next((titles.index(title) for title in known if title in titles), None)


def _cell(row: Sequence[Cell], column: int | None) -> Cell:
    value = row[column] if column is not None and column < len(row) else ""
    return value.strip() if isinstance(value, str) else value


def _won(cell: Cell) -> int | None:
    """12,900원 as 12900; what went out of the account is negative."""
    if isinstance(cell, int | float):
        return int(cell)
    amount = re.fullmatch(r"([+-]?)[₩\\]?([\d,]+)(?:\.0+)?원?", re.sub(r"\s", "", str(cell)))
    if amount is None or not amount[2].strip(","):
        return 0 if str(cell) in ("-", "") else None
    return int(amount[1] + amount[2].replace(",", ""))


def _moment(day: Cell, clock: Cell) -> datetime | None:
    """Of a date and a time of day, in one cell or in two, in any of the usual writings."""
    if isinstance(day, datetime):
        return day.replace(tzinfo=SEOUL)
    written = f"{day:.0f} {clock}" if isinstance(day, float) else f"{day} {clock}"
    try:
        year, month, of_month, *rest = _numbers(written)
        hour, minute, second = [*rest, 0, 0, 0][:3]
        if re.search("오후|PM", written, re.IGNORECASE) and hour < 12:
            hour += 12
        return datetime(
            year + 2000 if year < 100 else year, month, of_month, hour, minute, second, tzinfo=SEOUL
        )
    except ValueError:
        return None


def _numbers(written: str) -> list[int]:
    """Year, month, day, hour …, also when they stand without signs between: 20220720 190311."""
    numbers: list[str] = []
    for digits in DIGITS.findall(written):
        if not numbers and len(digits) >= 8:
            numbers += [digits[:4], *re.findall("..", digits[4:])]
        elif len(digits) == 6:
            numbers += re.findall("..", digits)
        else:
            numbers.append(digits)
    return [int(number) for number in numbers]


def _name(cell: Cell) -> str:
    """In one writing; a name that is a number keeps its digits."""
    written = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
    return " ".join(normalize("NFC", written).split())[:LONGEST_NAME]
