"""Statements as banks give them out: whatever their layout, what came in is read once and in full."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from unicodedata import normalize
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest

from golmok.domain.orders.statements import MOST_BYTES, read_statement
from golmok.problems import Problem

SEOUL = ZoneInfo("Asia/Seoul")
EVENING = datetime(2022, 7, 20, 19, 3, 11, tzinfo=SEOUL)

WITH_TITLE = """거래내역조회
계좌번호,123456-01-123456
조회기간,2022.07.20 ~ 2022.07.20

No,거래일시,적요,보낸분/받는분,출금액,입금액,잔액,거래점
1,2022.07.20 18:00:01,체크카드,골목문구,"5,500",0,"994,500",온라인
2,2022.07.20 19:03:11,전자금융,김서울,0,"12,900","1,007,400",신한
3,2022.07.20 19:10:00,이자,국민은행,,"1","1,007,401",
,,,합계,"5,500","12,901",,
"""

IN_TWO_COLUMNS = (
    "거래일자\t거래시간\t적요\t출금(원)\t입금(원)\t내용\n"
    "20220720\t190311\t타행이체\t\t12,900\t김서울\n"
    "합계\t\t\t\t12,900\t\n"
)

SIGNED = """거래일시,구분,거래금액,거래 후 잔액,내용
2022-07-20 19:03:11,입금,"12,900","12,900",김서울
2022-07-20 19:20:00,출금,"-3,000","9,900",편의점
2022-07-20 19:21:00,출금,"2,000","7,900",편의점
"""

TWELVE_HOURS = "일시;입금액;입금자\n2022/07/20 오후 7:03;12900원;김서울\n"


def read(text: str, encoding: str = "utf-8") -> list[tuple[datetime, int, str]]:
    return [(line.at, line.amount, line.name) for line in read_statement(text.encode(encoding))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_headings_are_found_below_a_title(encoding: str) -> None:
    interest = (EVENING.replace(minute=10, second=0), 1, "국민은행")
    assert read(WITH_TITLE, encoding) == [(EVENING, 12900, "김서울"), interest]


def test_day_and_time_in_two_columns_and_tabs() -> None:
    assert read(IN_TWO_COLUMNS) == [(EVENING, 12900, "김서울")]


def test_what_went_out_is_left_out() -> None:
    assert read(SIGNED) == [(EVENING, 12900, "김서울")]


def test_twelve_hours_and_the_word_for_won() -> None:
    assert read(TWELVE_HOURS) == [(EVENING.replace(second=0), 12900, "김서울")]


def test_a_day_without_a_time_is_its_midnight() -> None:
    assert read("거래일,입금액,적요\n22.07.20,12900,김서울\n") == [
        (datetime(2022, 7, 20, tzinfo=SEOUL), 12900, "김서울")
    ]


def test_names_are_kept_as_printed_in_one_writing() -> None:
    decomposed = normalize("NFD", "김서울")
    assert read(f"거래일시,입금액,입금자\n2022.07.20 19:03:11,100,  {decomposed}   1234 \n") == [
        (EVENING, 100, "김서울 1234")
    ]


def test_the_same_line_has_the_same_fingerprint_in_every_statement() -> None:
    one, two = read_statement(IN_TWO_COLUMNS.encode()), read_statement(SIGNED.encode("cp949"))
    assert one == two


def test_lines_alike_to_the_second_are_told_apart() -> None:
    head, line = "거래일시,입금액,입금자\n", "2022.07.20 19:03:11,12900,김서울\n"
    first, second = read_statement((head + line * 2).encode())
    assert first.fingerprint != second.fingerprint
    assert [first] == read_statement((head + line).encode())


def test_the_oldest_comes_first() -> None:
    newest_on_top = "거래일시,입금액,입금자\n2022.07.20 20:00:00,2,나\n2022.07.20 19:00:00,1,가\n"
    assert [name for _, _, name in read(newest_on_top)] == ["가", "나"]


def sheet(rows: Sequence[Sequence[str | int]]) -> bytes:
    """A small Excel file (Office Open XML), written by hand."""

    def cell(value: str | int) -> str:
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    office = "http://schemas.openxmlformats.org"
    main, relations = f"{office}/spreadsheetml/2006/main", f"{office}/officeDocument/2006/relationships"
    package = f"{office}/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">'
        '<sheets><sheet name="내역" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{relations}/worksheet" Target="sheet1.xml"/></Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_an_excel_sheet_is_the_same_statement() -> None:
    rows: list[list[str | int]] = [
        ["거래내역"],
        ["거래일시", "적요", "출금액", "입금액", "내용"],
        ["2022-07-20 19:03:11", "타행이체", 0, 12900, "김서울"],
        ["2022-07-20 19:30:00", "카드", 500, 0, "문구점"],
    ]
    assert read_statement(sheet(rows)) == read_statement(IN_TWO_COLUMNS.encode())


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "statement-headings"),
        ("안녕하세요".encode(), 422, "statement-headings"),
        ("거래일시,잔액\n2022.07.20,1\n".encode(), 422, "statement-headings"),
        (b"\xff\xfe\x00\x81", 422, "statement-unreadable"),
        (b"PK\x03\x04 broken", 422, "statement-unreadable"),
        (b"\xd0\xcf\x11\xe0 locked", 422, "statement-unreadable"),
        (b"x" * (MOST_BYTES + 1), 413, "statement-too-long"),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, status: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_statement(content)
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize(
    "row", ["2022.07.20 19:03:11,만원,김서울", "어제,12900,김서울", "2022.13.45,1,김서울"]
)
def test_one_row_that_cannot_be_read_refuses_the_whole_statement(row: str) -> None:
    good = "2022.07.20 19:00:00,100,나\n"
    with pytest.raises(Problem) as refused:
        read_statement(f"거래일시,입금액,입금자\n{good}{row}\n".encode())
    assert (refused.value.code, refused.value.facts) == ("statement-row", {"row": 3})
