from io import BytesIO
from pathlib import Path

import pytest

import einvoice
from einvoice.errors import InputNotReadable, MalformedJson, UnknownFormat
from einvoice.formats.mapping import write_xml
from einvoice.model import Invoice
from tests.examples import plain_invoice

HEADER = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
UBL = write_xml("ubl-invoice", plain_invoice())


def test_a_path_bytes_and_a_stream_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "no-suffix"
    path.write_bytes(UBL)
    with path.open("rb") as stream:
        documents = [
            einvoice.read(source) for source in (path, str(path), UBL, BytesIO(UBL), stream)
        ]
    assert {document.invoice.number for document in documents} == {"2026-0042"}
    assert [d.path for d in documents] == [str(path), str(path), "-", "-", str(path)]


@pytest.mark.parametrize(
    ("syntax", "type_code"), [("ubl-invoice", "380"), ("ubl-creditnote", "381"), ("cii", "380")]
)
def test_the_root_element_tells_the_format(syntax, type_code) -> None:
    data = write_xml(syntax, plain_invoice(type_code=type_code))
    assert einvoice.read(data).format == syntax


def test_json_is_told_by_its_first_sign() -> None:
    data = einvoice.convert(UBL, to="json", check=False).data
    for variant in (data, b"\xef\xbb\xbf" + data, b"\n " + data):
        document = einvoice.read(variant)
        assert (document.format, document.invoice) == ("json", plain_invoice())
        assert document.place("number") is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"totals": {"due": "NaN"}}', "NaN at totals.due"),
        (b"{", "canonical"),
        (b'{"numero": "1"}', "unknown field `numero`"),
        (b'{"lines": [{"price": {"net": "1,5"}}]}', r"\$.lines\[0\].price.net"),
        (b'{"issue_date": "2026-02-30"}', r"\$.issue_date"),
        (b'{"a":' * 100_000, "canonical"),
    ],
)
def test_other_json_is_refused_with_the_path(data, message) -> None:
    with pytest.raises(MalformedJson, match=message):
        einvoice.read(data)


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_envelope_is_opened_and_lines_are_kept(wrapped) -> None:
    inner = UBL.split(b"?>\n", 1)[1]
    if wrapped:
        inner = b"<w>\n" + inner + b"</w>"
    head = f'<e:StandardBusinessDocument xmlns:e="{HEADER}">\n<e:Head/>\n'.encode()
    document = einvoice.read(head + inner + b"</e:StandardBusinessDocument>")
    assert document.invoice == plain_invoice()
    place = document.place("number")
    assert place.xpath == "/ubl:Invoice/cbc:ID"
    assert (
        place.line
        == 2
        + wrapped
        + UBL.split(b"?>\n", 1)[1].splitlines().index(b"  <cbc:ID>2026-0042</cbc:ID>")
        + 1
    )
    assert einvoice.validate(document).verdict.value == "valid"


def test_an_empty_envelope_names_what_is_inside() -> None:
    data = f'<e:StandardBusinessDocument xmlns:e="{HEADER}"><e:Head/></e:StandardBusinessDocument>'
    with pytest.raises(UnknownFormat, match="Head"):
        einvoice.read(data.encode())


@pytest.mark.parametrize("root", ["<html/>", '<Invoice xmlns="urn:example"/>', "<Invoice/>"])
def test_another_root_is_named(root) -> None:
    with pytest.raises(UnknownFormat, match=r"html|Invoice"):
        einvoice.read(root.encode())
    report = einvoice.validate(root.encode())
    assert (report.format, report.verdict.value) == ("unknown", "undecided")
    assert "root element" in report.notes[0]


def test_zugferd_1_is_read_and_judged_by_its_schema() -> None:
    data = b'<r:CrossIndustryDocument xmlns:r="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'
    document = einvoice.read(data)
    assert (document.format, document.invoice) == ("zugferd1", Invoice())
    report = einvoice.validate(data)
    assert (report.format, report.profile) == ("zugferd1", "zugferd-1.0")
    assert report.verdict.value == "invalid"  # its schema demands content


@pytest.mark.parametrize("name", ["missing.xml", "."])
def test_what_cannot_be_opened_says_so(name, tmp_path: Path) -> None:
    with pytest.raises(InputNotReadable, match="cannot be opened"):
        einvoice.read(tmp_path / name)
