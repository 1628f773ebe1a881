import os
import threading
from pathlib import Path

import pytest
from lxml import etree

from einvoice.artefacts import locate
from einvoice.errors import ArtefactError, UsageError
from einvoice.xml import xsd
from einvoice.xml.lean import lean
from einvoice.xml.place import Places, prefixed
from einvoice.xml.xsd import MAX_FAULTS, check, plain, schema_named, schemas

SAMPLES = Path(__file__).parents[2] / "samples"
UBL = (SAMPLES / "fr-b2b-services" / "invoice.xml").read_bytes()
CII = (SAMPLES / "facturx-basic" / "invoice.xml").read_bytes()


def faults(data: bytes, schema: str) -> list[xsd.XsdFault]:
    return check(etree.fromstring(data), schema)


def messages(data: bytes, schema: str = "ubl-invoice-2.1") -> list[str]:
    return [fault.message for fault in faults(data, schema)]


@pytest.mark.parametrize(
    ("case", "schema"),
    [
        ("fr-b2b-services", "ubl-invoice-2.1"),
        ("fr-credit-note", "ubl-creditnote-2.1"),
        ("facturx-basic", "cii-d22b"),
        ("facturx-minimum", "facturx-minimum"),
        ("facturx-basicwl", "facturx-basicwl"),
        ("facturx-basic", "facturx-basic"),
        ("fr-advance", "facturx-en16931"),
        ("facturx-extended", "facturx-extended"),
    ],
)
def test_a_good_document_has_no_fault(case, schema):
    assert faults((SAMPLES / case / "invoice.xml").read_bytes(), schema) == []


def test_a_tree_is_taken_as_well_as_its_root():
    assert check(etree.ElementTree(etree.fromstring(UBL)), "ubl-invoice-2.1") == []


def test_a_profile_refuses_what_it_does_not_hold():
    assert faults(CII, "facturx-minimum") != []


def test_every_schema_of_the_catalogue_compiles():
    root = etree.fromstring(b"<nothing/>")
    for name in schemas():
        assert [fault.message for fault in check(root, name)] == [
            "the root element nothing does not belong to this schema"
        ]


def test_a_fault_names_the_element_the_line_and_the_place():
    wrong = UBL.replace(b"<cbc:IssueDate>", b"\n<cbc:IssueDate>x", 1)
    (fault,) = faults(wrong, "ubl-invoice-2.1")
    assert fault.message.startswith("cbc:IssueDate has the value 'x20")
    assert fault.message.endswith("which is no xs:date")
    assert fault.location == "/ubl:Invoice/cbc:IssueDate"
    assert wrong.split(b"\n")[fault.line - 1].startswith(b"<cbc:IssueDate>x")


def test_the_sample_with_a_wrong_order():
    data = (SAMPLES / "broken-xsd-order" / "invoice.xml").read_bytes()
    (fault,) = faults(data, "cii-d22b")
    assert fault.message.startswith("ram:PostcodeCode is not expected here")
    assert fault.location.endswith("ram:BuyerTradeParty/ram:PostalTradeAddress/ram:PostcodeCode")


def test_one_of_several_elements_is_told_by_its_position():
    root = etree.fromstring(UBL)
    lines = [child for child in root if child.tag.endswith("}InvoiceLine")]
    lines[1].remove(lines[1][0])
    (fault,) = check(root, "ubl-invoice-2.1")
    assert fault.location.startswith("/ubl:Invoice/cac:InvoiceLine[2]/")
    assert fault.line == lines[1][0].sourceline


def test_documents_without_prefixes_have_the_conventional_ones_in_messages():
    namespace = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    data = f'<CrossIndustryInvoice xmlns="{namespace}"><Odd/><Odd/></CrossIndustryInvoice>'
    (fault,) = faults(data.encode(), "cii-d22b")
    assert fault.message == ("rsm:Odd is not expected here; expected: rsm:ExchangedDocumentContext")
    assert fault.location == "/rsm:CrossIndustryInvoice/rsm:Odd[1]"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b' currencyID="EUR"', b"", "lacks the attribute currencyID"),
        (b"<cbc:ID>", b'<cbc:ID odd="1">', "must not have the attribute odd"),
        (b"<cac:InvoiceLine>", b"<cac:InvoiceLine>text", "elements only, but there is text in it"),
        (b"<cbc:ID>", b"<cbc:ID><odd/>", "a value only, but there are elements in it"),
        (b"<cac:Price>", b"<cac:Price/><cac:Price>", "is incomplete; expected next: cbc:Price"),
    ],
)
def test_common_faults_in_plain_words(old, new, expected):
    found = messages(UBL.replace(old, new, 1))
    assert any(expected in message for message in found), found
    assert not any("{" in message for message in found)


def test_an_empty_value_is_called_empty():
    root = etree.fromstring(UBL)
    root.find("{*}IssueDate").text = ""
    (fault,) = check(root, "ubl-invoice-2.1")
    assert fault.message == "cbc:IssueDate is empty; expected is xs:date"


def test_what_cannot_be_seen_is_shown():
    root = etree.fromstring(UBL)
    root.find("{*}IssueDate").text = "2026-11-24\u00a0"
    (fault,) = check(root, "ubl-invoice-2.1")
    assert "'2026-11-24\\u00a0'" in fault.message


def test_a_long_value_is_shortened():
    root = etree.fromstring(UBL)
    root.find("{*}IssueDate").text = "9" * 100_000
    (fault,) = check(root, "ubl-invoice-2.1")
    assert len(fault.message) < 300


def test_a_value_is_complained_about_once():
    facet = "Element 'a': [facet 'length'] The value has a length of '1'; this differs from '2'."
    assert plain(facet, etree.Element("a")) == (
        "a: The value has a length of '1'; this differs from '2'"
    )


def test_faults_are_bounded():
    root = etree.fromstring(UBL)
    lines = [child for child in root if child.tag.endswith("}InvoiceLine")]
    for _ in range(2 * MAX_FAULTS):
        line = etree.fromstring(etree.tostring(lines[0]))
        line.find(".//{*}LineExtensionAmount").text = "x"
        root.append(line)
    assert len(check(root, "ubl-invoice-2.1")) == MAX_FAULTS


def test_an_unknown_schema_is_a_usage_error():
    with pytest.raises(UsageError, match="ubl-invoice-2.1"):
        check(etree.Element("a"), "ubl-9.9")


def test_versions_are_those_users_know():
    assert schema_named("ubl-creditnote-2.1").version == "UBL 2.1"
    assert schema_named("cii-d22b").version == "CII D22B"
    assert schema_named("facturx-basic").version == "Factur-X 1.09 BASIC"


def test_a_schema_is_compiled_once():
    assert xsd._compile("zugferd-1.0") is xsd._compile("zugferd-1.0")


def test_a_schema_may_read_the_files_of_its_entry_only(tmp_path):
    (tmp_path / "other.xsd").write_text('<schema xmlns="http://www.w3.org/2001/XMLSchema"/>')
    entry = tmp_path / "entry.xsd"
    entry.write_text(
        '<schema xmlns="http://www.w3.org/2001/XMLSchema"><include schemaLocation="other.xsd"/>'
        '<element name="a"/></schema>'
    )
    files = {str(path): path.read_bytes() for path in (entry, tmp_path / "other.xsd")}
    assert xsd._load(files)
    del files[str(tmp_path / "other.xsd")]
    with pytest.raises(ArtefactError, match=r"no schema that can be used.*other\.xsd"):
        xsd._load(files)


def test_a_schema_is_kept_without_its_documentation(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    paths = [locate(each) for each in schema_named("ubl-invoice-2.1").files]
    hashes = [each.sha256 for each in schema_named("ubl-invoice-2.1").files]
    made = lean(paths, hashes)
    (entry,) = (tmp_path / "einvoice" / "schemas").iterdir()
    assert entry.stat().st_size < sum(path.stat().st_size for path in paths) / 2
    assert lean(paths, hashes) == made
    assert not any(b"ccts:Definition" in content for content in made.values())
    entry.write_bytes(entry.read_bytes()[:1000])
    assert lean(paths, hashes) == made


def test_a_schema_finds_the_same_without_its_documentation():
    whole = etree.XMLSchema(etree.parse(str(locate(schema_named("ubl-invoice-2.1").files[0]))))
    extra = UBL.replace(b"<cbc:IssueDate>", b"<cbc:Name>x</cbc:Name><cbc:IssueDate>", 1)
    blank = UBL.replace(b"</cbc:IssueDate>", b"\xc2\xa0</cbc:IssueDate>", 1)
    for data in (UBL, extra, blank):
        root = etree.fromstring(data)
        lean_schema = xsd._compile("ubl-invoice-2.1").schema
        assert lean_schema.validate(root) == whole.validate(root)
        found, expected = ([e.message for e in s.error_log] for s in (lean_schema, whole))
        assert found == expected


def test_threads_do_not_mix_their_faults():
    wrong = [UBL.replace(b"<cbc:IssueDate>", f"<cbc:IssueDate>{n}x".encode(), 1) for n in range(4)]
    roots = [etree.fromstring(data) for data in wrong]
    mixed = []

    def work(number: int) -> None:
        for _ in range(50):
            (fault,) = check(roots[number], "ubl-invoice-2.1")
            if f"'{number}x" not in fault.message:
                mixed.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mixed == []


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_lock_held_while_forking_does_not_block_the_child():
    check(etree.fromstring(UBL), "ubl-invoice-2.1")
    compiled = xsd._compile("ubl-invoice-2.1")
    with xsd._compiling, compiled.lock:
        child = os.fork()
        if child == 0:  # the parent's threads are gone, their locks must be too
            os._exit(0 if check(etree.fromstring(UBL), "ubl-invoice-2.1") == [] else 1)
        assert os.waitpid(child, 0)[1] == 0


def test_names_of_unknown_namespaces_keep_the_documents_prefix():
    element = etree.fromstring(b'<x:a xmlns:x="urn:x"><b/></x:a>')
    assert prefixed(element.tag, element) == "x:a"
    assert prefixed(element[0].tag) == "b"
    assert Places().xpath(element[0]) == "/x:a/b"
