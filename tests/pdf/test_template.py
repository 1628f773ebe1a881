"""Page templates of users: what they can show, and what they cannot reach."""

import io
import os
from pathlib import Path

import pikepdf
import pytest
from invoice_examples import FULL
from test_visual import text_of

from einvoice import convert
from einvoice.errors import InputNotReadable, TemplateError
from einvoice.model import Invoice, Note
from einvoice.pdf.page import Page, Table
from einvoice.pdf.page_lines import LineRow, LineTable
from einvoice.pdf.rows import Block
from einvoice.pdf.template import MOST_FILES, Template, built_in, load_template
from einvoice.pdf.visual import draw, draw_page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'

START = """
#let page = json(bytes(sys.inputs.page))
#let invoice = json(bytes(sys.inputs.invoice))
#set document(title: page.title, date: datetime(year: 2024, month: 1, day: 31))
#set text(lang: page.language)
"""


def folder(root: Path, **files: str) -> str:
    for name, text in files.items():
        path = root / f"{name}.typ"
        path.write_text(text, encoding="utf-8")
    return str(root)


def drawn(path: str, invoice: Invoice = FULL) -> str:
    return text_of(draw(invoice, language="en", template=load_template(path)))


def test_every_value_of_the_page_is_documented():
    text = (Path(__file__).parents[2] / "docs" / "template.md").read_text(encoding="utf-8")
    for kind in (Page, Block, Table, LineTable, LineRow):
        assert [name for name in kind.__struct_fields__ if f"`{name}`" not in text] == []


def test_example_of_the_documentation_is_a_template(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "template.md").read_text(encoding="utf-8")
    example = text.partition("```typst\n")[2].partition("```")[0]
    assert drawn(folder(tmp_path, main=example)) == (
        "CorrectedinvoiceF-2024-0042Sellername,2024-03-01"
    )


def test_starter_draws_the_built_in_page(tmp_path):
    for name, data in built_in().files.items():
        (tmp_path / name).write_bytes(data)
    template = load_template(str(tmp_path))
    assert draw(FULL, template=template) == draw(FULL)


def test_whole_template_shows_what_it_wants(tmp_path):
    path = folder(
        tmp_path,
        main=START + "= #invoice.number of #invoice.seller.name\n#page.totals.rows.last().at(1)",
    )
    assert drawn(path) == "F-2024-0042ofSellername€1,010.10"


def test_single_file_is_a_template(tmp_path):
    folder(tmp_path, other=START + "= mine")
    assert drawn(str(tmp_path / "other.typ")) == "mine"


def test_style_alone_changes_logo_and_colour_of_the_built_in_page(tmp_path):
    style = built_in().files["style.typ"].decode()
    logo = '#let logo = image("img/logo.svg", height: 9mm, alt: "The logo")'
    style = style.replace("#let logo = none", logo).replace("#1d3a5f", "#aa0000")
    style = style.replace("#let imprint = none", "#let imprint = [Imprint of the firm]")
    folder(tmp_path, style=style)
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "logo.svg").write_text(SVG)
    pdf = draw(FULL, language="en", template=load_template(str(tmp_path)))
    assert "Imprintofthefirm" in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        alternatives = [
            str(item.Alt)
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert "The logo" in alternatives
    assert pdf != draw(FULL, language="en")


def test_files_of_a_template_may_import_each_other(tmp_path):
    main = START + '#import "parts.typ": part\n= #part\n#include "more.typ"'
    path = folder(tmp_path, main=main, parts='#let part = "first"', more="second")
    assert drawn(path) == "firstsecond"


def test_same_template_gives_the_same_bytes(tmp_path):
    path = folder(tmp_path, main=START + "= #invoice.number")
    assert draw(FULL, template=load_template(path)) == draw(FULL, template=load_template(path))


def test_today_is_the_day_of_issue(tmp_path):
    main = START.replace(", date: datetime(year: 2024, month: 1, day: 31)", "")
    path = folder(tmp_path, main=main + "= #datetime.today().display()")
    assert drawn(path) == "2024-01-31"
    assert drawn(path, Invoice()) == "1970-01-01"
    with pikepdf.open(io.BytesIO(draw(FULL, template=load_template(path)))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20240131000000")


def test_values_of_the_invoice_are_never_code(tmp_path):
    path = folder(tmp_path, main=START + "= Notes\n#invoice.notes.first().text")
    text = '#read("/etc/passwd") *b*'
    assert drawn(path, Invoice(notes=(Note(text=text),))) == 'Notes#read("/etc/passwd")*b*'


def test_characters_without_a_glyph_are_replaced_here_too(tmp_path):
    path = folder(tmp_path, main=START + "= #invoice.number")
    drawing = draw_page(Invoice(number="漢 1"), template=load_template(path))
    assert drawing.replaced == ("漢",)
    assert text_of(drawing.pdf) == "\ufffd1"


def test_attached_files_are_not_given_to_the_template(tmp_path):
    path = folder(
        tmp_path,
        main=START + "= A\n#invoice.supporting_documents.first().attachment.content.len()",
    )
    assert drawn(path) == "A0"


def test_conversion_uses_the_template(tmp_path):
    path = folder(tmp_path, main=START + "= Only #invoice.number")
    source = Path(__file__).parents[2] / "samples" / "fr-b2b-services" / "invoice.xml"
    result = convert(source, "facturx", template=path, check=False)
    assert text_of(result.data) == "OnlyAVE-2026-01187"


def test_template_that_is_wrong_names_its_line(tmp_path):
    path = folder(tmp_path, main=START + "= A\n#nothing")
    with pytest.raises(TemplateError, match=r"main\.typ:7: unknown variable: nothing") as caught:
        drawn(path)
    assert caught.value.exit_code == 2


def test_template_that_is_no_pdf_a_names_what_is_missing(tmp_path):
    path = folder(tmp_path, main=START + '= A\n#image(bytes(sys.inputs.code), format: "svg")')
    with pytest.raises(TemplateError, match=r"main\.typ:7: "):
        drawn(path)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
@pytest.mark.parametrize("name", ["secret.txt", "/secret.txt", "../secret.txt", "link.txt"])
def test_files_outside_are_out_of_reach(tmp_path, name):
    (tmp_path / "secret.txt").write_text("secret")
    inner = tmp_path / "template"
    inner.mkdir()
    (inner / "link.txt").symlink_to(tmp_path / "secret.txt")
    path = folder(inner, main=START + f'= A\n#read("{name}")')
    with pytest.raises(TemplateError, match=r"main\.typ:7: (file not found|path)"):
        drawn(path)


def test_working_folder_is_out_of_reach(tmp_path, monkeypatch):
    (tmp_path / "here.txt").write_text("here")
    monkeypatch.chdir(tmp_path)
    template = Template(files={"main.typ": (START + '#read("here.txt")').encode()}, own=True)
    with pytest.raises(TemplateError, match=r"main\.typ:6: file not found$"):
        draw(FULL, template=template)


REACHING = [
    '#import "@preview/cetz:0.3.0"',
    '#import "\\u{40}preview/cetz:0.3.0"',
    '#include "@local/x:0.1.0"',
    '#let p = "x"\n#import p: y',
    "#import p",
    "#{ let y = include p }",
    "#if true { import(p) }",
    "#{\n  include\n p }",
    "#let f = x => include p",
    "#include/**/p",
    '#eval("1")',
    "#std.eval",
    "#(std)",
]


@pytest.mark.parametrize("source", REACHING)
def test_packages_are_out_of_reach(tmp_path, source):
    path = folder(tmp_path, main=START + source)
    with pytest.raises(TemplateError, match=r"main\.typ:\d+: (import|include|eval|std) "):
        load_template(path)


def test_words_of_a_text_are_no_keywords(tmp_path):
    text = "Prices include VAT, we import and re-evaluate; standard evaluation. Important."
    assert drawn(folder(tmp_path, main=START + text)) == "".join(text.split())


@pytest.mark.parametrize("name", ["missing", "missing.typ"])
def test_template_that_is_not_there(tmp_path, name):
    with pytest.raises(InputNotReadable, match=name):
        load_template(str(tmp_path / name))


def test_folder_without_a_template(tmp_path):
    (tmp_path / "readme.txt").write_text("x")
    with pytest.raises(TemplateError, match=r"it holds no \.typ file"):
        load_template(str(tmp_path))


def test_folder_of_too_many_files(tmp_path):
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.typ").touch()
    with pytest.raises(TemplateError, match="name its own folder"):
        load_template(str(tmp_path))


def test_hidden_files_are_left(tmp_path):
    folder(tmp_path, main=START + "= A")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.typ").write_text("#eval")
    (tmp_path / ".hidden").write_text("x")
    assert set(load_template(str(tmp_path)).files) == {"main.typ", "style.typ"}


def test_fonts_of_the_folder_are_used(tmp_path):
    font = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
    if font is None:
        pytest.skip("DejaVu Sans is not on this machine, to be put into the template")
    style = '#set text(font: "DejaVu Sans", fallback: false)\n'
    path = folder(tmp_path, main=START + style + "= A")
    without = draw(FULL, template=load_template(path))
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / font.name).write_bytes(font.read_bytes())
    template = load_template(path)
    assert template.fonts == (str(tmp_path / "fonts" / font.name),)
    pdf = draw(FULL, template=template)
    assert b"DejaVuSans" in pdf
    assert b"DejaVuSans" not in without
    assert b"DejaVuSans" not in draw(FULL).replace(b"DejaVuSansMono", b"")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_process_tells_what_is_wrong_with_a_template(tmp_path):
    draw(Invoice())
    path = folder(tmp_path, main=START + "#nothing")
    target = tmp_path / "said"
    child = os.fork()
    if child == 0:
        try:
            drawn(path)
        except TemplateError as error:
            target.write_text(str(error))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert target.read_text() == "page template: main.typ:6: unknown variable: nothing"
