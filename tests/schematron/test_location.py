import time

import pytest
from lxml import etree

from einvoice.schematron.location import Locator, Place, Step, read

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INV, CAC, CBC = (
    f"{UBL}Invoice-2",
    f"{UBL}CommonAggregateComponents-2",
    f"{UBL}CommonBasicComponents-2",
)
DOCUMENT = f"""<Invoice xmlns="{INV}" xmlns:a="{CAC}"
    xmlns:b="{CBC}">
  <b:ID>1</b:ID>
  <a:InvoiceLine>
    <b:ID schemeID="x">1</b:ID>
  </a:InvoiceLine>
  <a:Party/>
  <a:InvoiceLine>
    <b:ID>2</b:ID>
  </a:InvoiceLine>
</Invoice>""".encode()
ROOT = etree.fromstring(DOCUMENT)
STEPS = (Step(f"{{{INV}}}Invoice"), Step(f"{{{CAC}}}InvoiceLine", 2), Step(f"{{{CBC}}}ID"))


@pytest.mark.parametrize(
    "location",
    [
        f"/*:Invoice[namespace-uri()='{INV}'][1]/*:InvoiceLine[namespace-uri()='{CAC}'][2]"
        f"/*:ID[namespace-uri()='{CBC}'][1]",
        f"/*[local-name()='Invoice' and namespace-uri()='{INV}'][1]"
        f"/*[local-name()='InvoiceLine' and namespace-uri()='{CAC}'][2]"
        f"/*[local-name()='ID' and namespace-uri()='{CBC}'][1]",
        "/ubl:Invoice[1]/cac:InvoiceLine[2]/cbc:ID[1]",
        "/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID",
        f"/Q{{{INV}}}Invoice[1]/Q{{{CAC}}}InvoiceLine[2]/Q{{{CBC}}}ID[1]",
    ],
)
def test_all_forms_are_read_and_found(location):
    assert read(location) == STEPS
    assert Locator(ROOT).place(location) == Place(
        xpath="/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID", line=9
    )


def test_the_prefixes_of_the_document_are_known_too():
    location = "/ubl:Invoice[1]/a:InvoiceLine[2]/b:ID[1]"
    assert Locator(ROOT).place(location) == Place(
        xpath="/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID", line=9
    )


def test_the_first_of_several_keeps_its_position():
    location = "/ubl:Invoice[1]/cac:InvoiceLine[1]"
    assert Locator(ROOT).place(location) == Place(xpath="/ubl:Invoice/cac:InvoiceLine[1]", line=4)


def test_positions_count_siblings_of_the_same_name_only():
    location = "/ubl:Invoice[1]/cac:Party[1]"
    assert Locator(ROOT).place(location) == Place(xpath="/ubl:Invoice/cac:Party", line=7)


@pytest.mark.parametrize(
    ("attribute", "written"),
    [
        ("@schemeID", "@schemeID"),
        ("@*[local-name()='schemeID']", "@schemeID"),
        ("@*[local-name()='schemeID' and namespace-uri()='']", "@schemeID"),
        ("@Q{}schemeID", "@schemeID"),
        ("@*:schemeID[namespace-uri()='urn:x']", "@schemeID"),
        (
            "@*[local-name()='type' and namespace-uri()='http://www.w3.org/2001/XMLSchema-instance']",
            "@xsi:type",
        ),
    ],
)
def test_an_attribute_has_the_line_of_its_element(attribute, written):
    location = f"/ubl:Invoice[1]/cac:InvoiceLine[1]/cbc:ID[1]/{attribute}"
    path = f"/ubl:Invoice/cac:InvoiceLine[1]/cbc:ID/{written}"
    assert Locator(ROOT).place(location) == Place(xpath=path, line=5)


def test_a_missing_node_has_the_line_of_its_nearest_ancestor():
    location = "/ubl:Invoice[1]/cac:InvoiceLine[2]/cac:Item[2]/cbc:Name[1]"
    path = "/ubl:Invoice/cac:InvoiceLine[2]/cac:Item[2]/cbc:Name"
    assert Locator(ROOT).place(location) == Place(xpath=path, line=8)


@pytest.mark.parametrize(
    "location", ["", "EUR", "/", "/ubl:Invoice[1] and more", "/cn:CreditNote[1]"]
)
def test_what_is_no_place_of_this_document_has_none(location):
    assert Locator(ROOT).place(location) is None


def test_an_envelope_above_the_root_does_not_count():
    envelope = etree.fromstring(b"<envelope>\n" + DOCUMENT + b"</envelope>")
    place = Locator(envelope[0]).place("/ubl:Invoice[1]/cbc:ID[1]")
    assert place == Place(xpath="/ubl:Invoice/cbc:ID", line=4)


def test_finding_every_line_is_linear():
    root = etree.Element(f"{{{INV}}}Invoice")
    for _ in range(20_000):
        etree.SubElement(root, f"{{{CAC}}}InvoiceLine")
    locator = Locator(root)
    start = time.perf_counter()
    last = [locator.place(f"/ubl:Invoice[1]/cac:InvoiceLine[{n + 1}]") for n in range(20_000)][-1]
    assert last is not None
    assert last.xpath == "/ubl:Invoice/cac:InvoiceLine[20000]"
    assert time.perf_counter() - start < 5  # walking all siblings each time takes minutes
