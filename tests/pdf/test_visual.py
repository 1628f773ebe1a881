"""The drawn page: complete, the same each time, and safe from what it shows."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pytest
from invoice_examples import FULL, LINE
from pdf_examples import CII, EN_16931

from einvoice.errors import UsageError
from einvoice.model import Identifier, Invoice, Item, Line, Note, Period, Price, Seller, Totals
from einvoice.model.terms import TERMS
from einvoice.pdf import labels, typesetting, visual
from einvoice.pdf.attach import attach
from einvoice.pdf.checks import check_container
from einvoice.pdf.container import open_pdf
from einvoice.pdf.metadata import read_xmp
from einvoice.pdf.page import page_of
from einvoice.pdf.visual import draw, draw_page
from einvoice.pdf.wording import Wording

pypdf = pytest.importorskip("pypdf")

CODES = {
    **labels.DOCUMENT_TYPES,
    **labels.VAT_CATEGORIES,
    **labels.PAYMENT_MEANS,
    **labels.TAX_POINTS,
    **labels.NOTE_SUBJECTS,
    **labels.UNITS,
}


def text_of(pdf: bytes) -> str:
    """All text of a PDF, with white space made even, as the lines of a page are broken anywhere."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def flat(text: str) -> str:
    return "".join(text.split())


def values(invoice: Invoice, path: str) -> Iterator[object]:
    """The values at a path of the terms, such as `lines[].item.name`."""
    found: list[object] = [invoice]
    for step in path.split("."):
        name, many = step.removesuffix("[]"), step.endswith("[]")
        found = [getattr(value, name) for value in found if value is not None]
        found = [item for value in found for item in value] if many else found
    yield from (value for value in found if value is not None)


def shown(value: object, wording: Wording) -> set[str]:
    """Forms in which a value may stand on the page."""
    if isinstance(value, Decimal):
        forms = {wording.number(value), wording.amount(value), wording.percent(value)}
        forms |= {wording.money(value, FULL.currency)}
    elif isinstance(value, date):
        forms = {wording.day(value)}
    else:
        assert isinstance(value, str)
        forms = {value, wording.unit(value, Decimal(2)), wording.unit(value, Decimal(1))}
        forms |= {wording.code(CODES, value), wording.country(value)}
        forms |= {labels.SCHEMES.get(value, value)}
    return {flat(form) for form in forms}


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_every_term_stands_on_the_page(language):
    wording = Wording(language)
    text = text_of(draw(FULL, language=language))
    for term in TERMS:
        if term.datatype in ("Group", "Binary"):
            continue
        found = list(values(FULL, term.path))
        assert found, f"{term.id} is not in the example"
        for value in found:
            assert any(form in text for form in shown(value, wording)), (term.id, value)


def test_each_value_is_under_its_own_label():
    wording = Wording("en")
    page = page_of(FULL, wording)
    rows = dict(page.facts)
    assert rows["Purchase order"] == "PURCHASE-ORDER"
    assert rows["Preceding invoice"] == "PRECEDING (24 Dec 2022)"
    technical = next(block for block in page.blocks if block.title == "Processing")
    assert dict(technical.rows)["Document type"] == "384 – Corrected invoice"
    assert rows["VAT point"] == "35 – delivery date"
    assert dict(page.totals.rows)["Amount due"] == "€1,010.10"
    assert flat(dict(page.totals.rows)["Total VAT in accounting currency"]) == "SEK1,006.06"
    assert page.lines.rows[0].cells == [
        "LINE-1", "item name", "12.5 h", "98.765432 / 17 kg", "S 19.6%", "1,234,567.89",
    ]  # fmt: skip
    assert ("Allowance", "51.11, 5.75%, Base 522.22, line allowance reason (Lallowance)") in (
        page.lines.rows[0].details
    )
    seller = dict(page.parties[0].rows)
    assert seller["Legal registration"] == "SELLER-LEGAL (SIREN)"
    assert seller["Electronic address"] == "SELLER-ENDPOINT (9957)"


def test_page_of_an_empty_invoice():
    text = text_of(draw(Invoice(), language="en"))
    assert "Invoice" in text
    assert "Totals" not in text


def test_zero_is_shown():
    page = page_of(Invoice(currency="EUR", totals=Totals(paid=Decimal(0))), Wording("fr"))
    assert page.totals.rows == [("Déjà payé", "0,00\xa0€")]


def test_open_periods():
    wording = Wording("de")
    assert wording.period(Period(start=date(2024, 1, 1))) == "ab 01.01.2024"
    assert wording.period(Period(end=date(2024, 1, 1))) == "bis 01.01.2024"
    assert wording.period(Period()) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1234567.891", "1.234.567,891"), ("5", "5,00"), ("-0.5", "-0,50"), ("1E+3", "1.000,00")],
)
def test_amounts_keep_their_digits(value, expected):
    assert Wording("de").amount(Decimal(value)) == expected


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1E-999999"])
def test_odd_numbers_are_shown_as_written(value):
    wording = Wording("fr")
    assert wording.number(Decimal(value)) == wording.amount(Decimal(value)) == str(Decimal(value))
    assert value in wording.money(Decimal(value), "EUR")
    assert value in wording.percent(Decimal(value))


def test_long_numbers_lose_no_digit():
    number = "1234567890123456789012345678901234567890.12"
    invoice = Invoice(totals=Totals(due=Decimal(number)))
    page = page_of(invoice, Wording("en"))
    assert page.totals.rows[0][1].replace(",", "") == number
    assert number in text_of(draw(invoice, language="en")).replace(",", "")


def test_unknown_currency_and_codes_are_shown_as_they_are():
    invoice = Invoice(type_code="999", currency="¤¤¤¤", totals=Totals(due=Decimal(1)))
    page = page_of(invoice, Wording("fr"))
    assert page.title == "999"
    assert page.totals.rows[0][1] == "1,00 ¤¤¤¤"


def test_unknown_language_is_refused():
    with pytest.raises(UsageError, match="known: fr, de, en"):
        draw(FULL, language="xx")


def test_labels_are_complete():
    tables = (labels.LABELS, CODES)
    assert all(len(row) == len(labels.LANGUAGES) for table in tables for row in table.values())
    assert all(text for table in tables for row in table.values() for text in row)


HOSTILE = [
    '#read("/etc/passwd")',
    '#sys.inputs #import "x.typ" #{panic()}',
    "*bold* _emph_ `raw` $x^2$ <label> @ref = head - item + item / a: b",
    "\\ // comment /* other */ ~ -- ... ] } ) #]",
    '"; #eval("1")',
    "{{ template }} ${x} <b>&amp;</b>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_code(text):
    invoice = Invoice(
        number=text, seller=Seller(name=text), notes=(Note(text=text, subject_code=text),),
        lines=(Line(item=Item(name=text, description=text), unit=text),),
    )  # fmt: skip
    drawn = text_of(draw(invoice))
    assert drawn.count(flat(text)) >= 6
    assert "root:" not in drawn


def test_characters_without_a_glyph_are_replaced_and_named():
    text = "漢字 😀 é Ελλάδα Жук \x07 \ue000 \u200b \ud800 œ ć ș €"
    drawing = draw_page(Invoice(notes=(Note(text=text),)))
    assert set(drawing.replaced) == {"漢", "字", "😀", "\x07", "\ue000"}
    drawn = text_of(drawing.pdf)
    assert "éΕλλάδαЖук" in drawn
    assert "œćș€" in drawn
    assert drawn.count("\ufffd") == 6


def test_last_resort_when_diagnostics_are_not_understood(monkeypatch):
    monkeypatch.setattr(typesetting, "MOST_ATTEMPTS", 0)
    drawing = draw_page(Invoice(notes=(Note(text="漢 é\nb"),)))
    assert "\ufffdéb" in text_of(drawing.pdf)


def test_fonts_of_the_machine_are_not_used():
    with pikepdf.open(BytesIO(draw(FULL))) as pdf:
        fonts = {str(font.BaseFont) for page in pdf.pages for font in fonts_of(page)}
    known = ("LibertinusSerif", "DejaVuSansMono", "NewCM")
    assert fonts
    assert all(name.partition("+")[2].startswith(known) for name in fonts)


def fonts_of(page):
    return page.Resources.Font.values() if "/Font" in page.Resources else []


def test_long_words_are_broken_but_copied_whole():
    word = "FR7630006000011234567890189" * 20
    invoice = Invoice(number=word, notes=(Note(text=word),))
    pdf = draw(invoice)
    assert text_of(pdf).count(word) >= 3
    reader = pypdf.PdfReader(BytesIO(pdf))
    assert len(reader.pages[0].extract_text().splitlines()) > 10
    assert reader.metadata.title.endswith(word)


def test_five_hundred_lines_repeat_their_head():
    lines = tuple(msgspec.structs.replace(LINE, identifier=f"L{n}") for n in range(500))
    reader = pypdf.PdfReader(
        BytesIO(draw(msgspec.structs.replace(FULL, lines=lines), language="en"))
    )
    texts = [flat(page.extract_text()) for page in reader.pages]
    assert len(texts) > 30
    assert all("No.ItemQuantity" in text for text in texts[1:30])
    assert all(f"Page{n}/{len(texts)}" in text for n, text in enumerate(texts, 1))
    joined = "".join(texts)
    assert all(f"L{n}" in joined for n in range(500))


def test_a4():
    with pikepdf.open(BytesIO(draw(FULL))) as pdf:
        box = [float(value) for value in pdf.pages[0].MediaBox]
    assert box == pytest.approx([0, 0, 595.28, 841.89], abs=0.01)


def test_metadata_comes_from_the_invoice():
    with pikepdf.open(BytesIO(draw(FULL, language="de"))) as pdf:
        xmp = pdf.Root.Metadata.read_bytes()
        assert str(pdf.Root.Lang) == "de"
    facts = read_xmp(xmp)
    assert (facts.part, facts.conformance) == ("3", "A")
    assert b"Korrigierte Rechnung F-2024-0042" in xmp
    assert b"2024-01-31" in xmp
    assert b"Seller name" in xmp
    assert b"pdfuaid:part" in xmp


@pytest.mark.parametrize("invoice", [FULL, Invoice()], ids=["full", "empty"])
def test_same_invoice_gives_the_same_bytes_in_any_process(invoice, tmp_path):
    first = draw(invoice)
    assert draw(invoice) == first
    source = tmp_path / "invoice.json"
    source.write_bytes(msgspec.json.encode(invoice))
    code = (
        "import sys, msgspec\n"
        "from einvoice.model import Invoice\n"
        "from einvoice.pdf.visual import draw\n"
        "invoice = msgspec.json.decode(open(sys.argv[1], 'rb').read(), type=Invoice)\n"
        "sys.stdout.buffer.write(draw(invoice))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", code, str(source)]
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert result.stdout == first


def test_threads_draw_at_once():
    drawn: list[bytes] = []
    threads = [threading.Thread(target=lambda: drawn.append(draw(FULL))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(drawn) == 4
    assert len(set(drawn)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_process_can_draw(tmp_path):
    expected = draw(FULL)
    target = tmp_path / "drawn.pdf"
    child = os.fork()
    if child == 0:
        try:
            target.write_bytes(draw(FULL))
        finally:
            os._exit(0)
    waiting = threading.Timer(60, os.kill, (child, 9))
    waiting.start()
    os.waitpid(child, 0)
    waiting.cancel()
    assert target.read_bytes() == expected


def test_hybrid_of_a_drawn_page_has_no_finding():
    data = attach(draw(FULL), CII, level="EN 16931", modified=date(2024, 1, 31))
    assert check_container(open_pdf(data), EN_16931) == ()


def test_template_is_part_of_the_package():
    folder = Path(visual.__file__).parent / "templates"
    assert {path.name for path in folder.iterdir()} == {"main.typ", "style.typ"}


def test_price_without_base_quantity():
    lines = (
        Line(price=Price(net=Decimal("1.5")), item=Item(standard_identifier=Identifier(value="1"))),
    )
    (row,) = page_of(Invoice(lines=lines), Wording("en")).lines.rows
    assert row.cells == ["", "", "", "1.50", "", ""]
    assert row.details == [("Item code", "1")]
