import re

import msgspec
import report_examples as examples
from lxml import etree


def suite(*reports) -> etree._Element:
    whole = etree.fromstring(examples.written("junit", reports))
    (found,) = whole
    return found


def test_each_document_is_a_case():
    found = suite(*examples.ALL)
    assert dict(found.attrib) == {
        "name": "einvoice", "tests": "5", "failures": "1", "errors": "2", "skipped": "1",
    }  # fmt: skip
    assert [(case.get("name"), [child.tag for child in case]) for case in found] == [
        ("good.xml", []),
        ("b \\x202e\\x1b[31m.xml", ["failure"]),
        ("xr.xml", ["skipped"]),
        ("c.xml", ["error"]),
        ("gone.xml", ["error"]),
    ]
    assert {case.get("classname") for case in found} == {"in"}


def test_a_failure_names_its_rules_and_tells_all():
    failure = suite(examples.INVALID).find("testcase/failure")
    assert (failure.get("type"), failure.get("message")) == ("invalid", "BR-CO-15")
    assert failure.text.startswith("BR-CO-15 fatal: Invoice total amount")
    assert "/Invoice/cac:LegalMonetaryTotal" in failure.text
    assert "BR-X warning: odd thing" in failure.text


def test_a_crash_and_an_unreadable_file_are_errors():
    crashed, gone = suite(examples.CRASHED, examples.UNREADABLE).findall("testcase/error")
    assert (crashed.get("type"), crashed.get("message")) == (
        "crashed",
        "crashed xml: KeyError: 'x'",
    )
    assert (gone.get("type"), gone.get("message")) == (
        "unreadable",
        "cannot be opened: No such file",
    )


def test_hostile_texts_stay_texts():
    case = suite(examples.HOSTILE)[0]
    assert [child.tag for child in case] == ["failure"]
    assert case[0].get("message") == "XSD"
    assert "<script>alert(1)</script>" in case[0].text
    assert "ID-01 waived: BT-31 is odd Waived: agreed, by phone." in case[0].text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", case[0].text)


def test_findings_of_a_valid_document_are_output():
    report = msgspec.structs.replace(examples.VALID, findings=(examples.HINT,))
    (case,) = suite(report)
    assert case.find("system-out").text == "BR-X warning: odd thing"


def test_no_document():
    assert suite().get("tests") == "0"


def test_memory_is_flat():
    assert examples.peak_memory("junit", 4_000) < examples.peak_memory("junit", 400) + 3_000_000
