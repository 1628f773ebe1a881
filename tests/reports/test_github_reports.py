import re

import msgspec
import report_examples as examples


def lines(*reports, **options) -> list[str]:
    return examples.written("github", reports, **options).decode().splitlines()


def test_annotations():
    assert lines(*examples.ALL) == [
        "::error file=in/b \\x202e\\x1b[31m.xml,line=12,title=BR-CO-15::Invoice total amount with"
        " VAT (BT-112) = without VAT (BT-109) + VAT.",
        "::warning file=in/b \\x202e\\x1b[31m.xml,title=BR-X::odd thing",
        "::warning file=in/xr.xml,title=undecided::skipped xrechnung-ubl: not available; the rule"
        " set of the profile is missing",
        "::warning file=in/c.xml,title=undecided::crashed xml: KeyError: 'x'",
        "::error file=in/gone.xml,title=error::cannot be opened: No such file",
        "::notice title=einvoice::5 documents: 1 valid, 1 invalid, 2 undecided, 1 error",
    ]


def test_nothing_hostile_begins_a_command_or_a_property():
    found = lines(examples.HOSTILE, quiet=True)
    assert len(found) == 2
    for line in found:
        command, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        assert command in ("error", "notice")
        assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "title"]
        assert "%0A" not in message.replace("%250A", "")
    assert "%25250A" not in found[0]
    assert "%3A%3Aerror%3A%3A%250A%2C%3A%2C" in found[0]


def test_a_waived_finding_is_a_notice():
    line = lines(examples.HOSTILE, quiet=True)[1]
    assert line.startswith("::notice ")
    assert line.endswith(",title=ID-01::BT-31 is odd Waived: agreed, by phone.")


def test_a_rule_broken_often_is_one_annotation():
    many = tuple(msgspec.structs.replace(examples.TOTAL, line=n) for n in range(1, 501))
    (line,) = lines(msgspec.structs.replace(examples.INVALID, findings=many), quiet=True)
    assert line.endswith("(lines 1, 2, 3 and 497 more)")


def test_no_document():
    assert lines() == ["::notice title=einvoice::0 documents"]


def test_memory_is_flat():
    assert examples.peak_memory("github", 4_000) < examples.peak_memory("github", 400) + 3_000_000
