"""Tables that a user gives: what is read, and that a faulty one is refused as a whole."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import InputNotReadable, TableError
from einvoice.tablefile import Column, parse_amount, parse_day, parse_yes_no, read_table

COLUMNS = (
    Column("number"),
    Column("paid_on", parse_day),
    Column("amount", parse_amount),
    Column("final", parse_yes_no, required=False),
)
HEADER = "number,paid_on,amount,final\n"
GOOD = "A,2026-11-24,12.50,yes\n"
ROW = {"number": "A", "paid_on": date(2026, 11, 24), "amount": Decimal("12.50"), "final": True}


def read(path: Path, data: str | bytes) -> tuple[dict, ...]:
    file = path / "table.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(file, COLUMNS, dict)


def faults(path: Path, data: str | bytes) -> tuple[str, ...]:
    with pytest.raises(TableError) as raised:
        read(path, data)
    return raised.value.faults


@pytest.mark.parametrize(
    "data",
    [
        HEADER + GOOD,
        (HEADER + GOOD).replace(",", ";"),
        (HEADER + GOOD).replace(",", "\t"),
        (HEADER + GOOD).replace(",", ";").replace("12.50", "12,50"),
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).replace("\n", "\r"),
        HEADER + GOOD.rstrip(),
        f"\n  \n{HEADER}\n\n{GOOD}\n;\n".replace(";", ",,,"),
        "final , Amount,PAID_ON,number\nYES, 12.50 , 2026-11-24 ,A\n",
        '"number","paid_on","amount","final"\n"A","2026-11-24","12.50","yes"\n',
        b"\xef\xbb\xbf" + (HEADER + GOOD).encode(),
        (HEADER + GOOD).encode("utf-16"),
        b"\xfe\xff" + (HEADER + GOOD).encode("utf-16-be"),
    ],
)
def test_one_table_in_many_forms(tmp_path, data) -> None:
    assert read(tmp_path, data) == (ROW,)


def test_an_optional_column_may_be_empty_or_not_there(tmp_path) -> None:
    without = {**ROW, "final": None}
    assert read(tmp_path, HEADER + "A,2026-11-24,12.50,\n") == (without,)
    assert read(tmp_path, "number,paid_on,amount\nA,2026-11-24,12.50\n") == (without,)


def test_quoted_fields_hold_separators_quotes_and_line_breaks(tmp_path) -> None:
    (row,) = read(tmp_path, HEADER + '"A, ""B""\r\nC",2026-11-24,1,\n')
    assert row["number"] == 'A, "B"\r\nC'


def test_lines_are_those_of_the_file(tmp_path) -> None:
    text = f'\n{HEADER}"A\nB",2026-11-24,1,\n\n{GOOD}"C\n\u2028",2026-11-24,x,\n,2026-11-24,1,\n'
    assert [fault.split(" ", 2)[:2] for fault in faults(tmp_path, text)] == [
        ["line", "7:"],
        ["line", "9:"],
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "number,paid_on,amout,final",
            (
                "line 1: there is no column 'amout'; did you mean 'amount'?",
                "line 1: the column 'amount' is missing",
            ),
        ),
        (
            "number,paid_on,amount,zzz",
            ("line 1: there is no column 'zzz'; known: number, paid_on, amount, final",),
        ),
        ("number,paid_on", ("line 1: the column 'amount' is missing",)),
        (
            "number;paid_on;amount;number",
            ("line 1: the column 'number' is there 2 times",),
        ),
        ("number,paid_on,amount,", ("line 1: column 4 has no name",)),
        (
            "number|paid_on|amount",
            (
                "line 1: there is no column 'number|paid_on|amount'; known: number, paid_on, "
                "amount, final",
                "line 1: the column 'number' is missing",
                "line 1: the column 'paid_on' is missing",
                "line 1: the column 'amount' is missing",
            ),
        ),
    ],
)
def test_a_wrong_header_is_refused(tmp_path, header, expected) -> None:
    assert faults(tmp_path, f"{header}\n{GOOD}") == expected


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A,2026-11-24,1", "has 3 fields, expected 4"),
        ("A,2026-11-24,1,yes,", "has 5 fields, expected 4"),
        (",2026-11-24,1,yes", "number is empty"),
        ("A,2026-02-29,1,yes", "paid_on '2026-02-29' is not in the calendar"),
        ("A,24/11/2026,1,yes", "paid_on '24/11/2026' is no day in the form 2026-11-24"),
        ("A,20261124,1,yes", "paid_on '20261124' is no day in the form 2026-11-24"),
        ("A,2026-11-24T00:00,1,yes", "paid_on '2026-11-24T00:00' is no day in the form 2026-11-24"),
        (
            "A,2026-11-24,1.234,yes",
            "amount '1.234' can be thousands or three decimals; write it as 1234.00 or 1.23",
        ),
        ("A,2026-11-24,1,maybe", "final 'maybe' is neither yes nor no"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path, row, fault) -> None:
    assert faults(tmp_path, f"{HEADER}{GOOD}{row}\n{GOOD}") == (f"line 3: {fault}",)


def test_all_faults_are_told_at_once(tmp_path) -> None:
    found = faults(tmp_path, HEADER + "A,x,y,z\n" + GOOD + "B,2026-11-24,1\n")
    assert [fault.split()[:3] for fault in found] == [
        ["line", "2:", "paid_on"],
        ["line", "2:", "amount"],
        ["line", "2:", "final"],
        ["line", "4:", "has"],
    ]


def test_of_many_faults_the_first_ones_are_told(tmp_path) -> None:
    with pytest.raises(TableError) as raised:
        read(tmp_path, HEADER + "A,x,1,yes\n" * 1000)
    assert (len(raised.value.faults), raised.value.more) == (10, 990)
    assert str(raised.value).endswith("\n  and 990 more")
    assert str(raised.value).startswith(
        f"{tmp_path}/table.csv: cannot be used as a table:\n  line 2: paid_on 'x' is no day"
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n \n", "the file is empty"),
        (HEADER.encode(), "there is a header but no row"),
        (f"{HEADER}\n,,,\n".encode(), "there is a header but no row"),
        (
            f"{HEADER}{GOOD}Müller,2026-11-24,1,\n".encode("cp1252"),
            "line 3: the text is no UTF-8; save the table as CSV UTF-8",
        ),
        (
            b"\xef\xbb\xbfnumber\r\xe9",
            "line 2: the text is no UTF-8; save the table as CSV UTF-8",
        ),
        (b"\xff\xfea\0b", "the text is no UTF-16; save the table as CSV UTF-8"),
        (
            (HEADER + GOOD).encode("utf-16-le"),
            "line 1: there is a NUL; save the table as CSV UTF-8",
        ),
        (
            f"{HEADER}é\r\nA\0".encode(),
            "line 3: there is a NUL; save the table as CSV UTF-8",
        ),
        (
            b"PK\x03\x04rest",
            "this is a workbook or an archive; save the sheet as CSV UTF-8",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, data, fault) -> None:
    assert faults(tmp_path, data) == (fault,)


@pytest.mark.parametrize(
    "row",
    ['"A,2026-11-24,1,yes', 'A,"2026-11-24"x,1,yes', f'"{"A" * 200_000}",2026-11-24,1,yes'],
)
def test_quotes_that_do_not_match_are_refused(tmp_path, row) -> None:
    (fault,) = faults(tmp_path, f"{HEADER}{GOOD}{row}\n{GOOD}")
    assert fault.startswith("line 3: cannot be split into fields (")


def test_a_long_value_is_cut_in_the_message(tmp_path) -> None:
    (fault,) = faults(tmp_path, f"{HEADER}A,{'9' * 100_000},1,yes\n")
    assert len(fault) < 120


def test_what_makes_a_row_may_refuse_it(tmp_path) -> None:
    def make(**values: object) -> None:
        raise ValueError("too early")

    file = tmp_path / "table.csv"
    file.write_text(HEADER + GOOD)
    with pytest.raises(TableError, match="line 2: too early"):
        read_table(file, COLUMNS, make)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_cannot_be_opened(tmp_path, name) -> None:
    with pytest.raises(InputNotReadable):
        read_table(tmp_path / name, COLUMNS, dict)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1234.56", "1234.56"),
        ("1234,5", "1234.5"),
        ("-0,01", "-0.01"),
        ("1234", "1234"),
    ],
)
def test_amounts(text, value) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "1.234", "123,456", "-1.234", "1 234.00", "1\u202f234,00", "1,234.56", "1.234,56", "1'234",
        "1.2345", ".5", "5.", "+1", "--1", "1e3", "1_000", "NaN", "Infinity", "١٢", "12 €", "",
        "1.5\n", "9" * 16,
    ],
)  # fmt: skip
def test_what_is_no_amount(text) -> None:
    with pytest.raises(ValueError, match=r"is no amount|can be thousands"):
        parse_amount(text)


@pytest.mark.parametrize(
    "text", ["2026-11-24\n", "٢٠٢٦-١١-٢٤", "0000-01-01", "2026-W48-2", "2026-1-1"]
)
def test_what_is_no_day(text) -> None:
    with pytest.raises(ValueError, match=r"is no day|calendar"):
        parse_day(text)


def test_29_february_is_a_day_in_leap_years_only() -> None:
    assert parse_day("2028-02-29") == date(2028, 2, 29)
    with pytest.raises(ValueError, match="not in the calendar"):
        parse_day("2100-02-29")


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@given(st.decimals(-(10**14), 10**14, places=2), st.sampled_from(".,"))
def test_every_amount_is_read_as_it_is_written(amount: Decimal, point: str) -> None:
    assert parse_amount(f"{amount:f}".replace(".", point)) == amount


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(data)
    with pytest.raises(TableError):
        read_table(file, COLUMNS, dict)
