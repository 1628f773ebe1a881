import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
import report_examples as examples

from einvoice.findings import Report, Subject
from einvoice.reports.page_summary import summary_sections
from einvoice.reports.summary import Summary
from einvoice.reports.words import LANGUAGES, WORDS, Words


class Page(HTMLParser):
    """A page as a browser takes it: its elements, its texts, and what stands in scripts."""

    def __init__(self, data: bytes):
        super().__init__()
        self.tags, self.attributes, self.scripts, self.text = [], [], [], ""
        self.within = ""
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.within = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        if self.within == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)
        elif self.within != "style":
            self.text += data

    def documents(self) -> list[list]:
        """The rows of the data, their texts put in."""
        strings, rows = [], []
        for kind, text in self.scripts:
            if kind.get("class") == "data":
                block = json.loads(text)
                strings += block["strings"]
                rows += block["documents"]
        return [[strings[v] if isinstance(v, int) else v for v in row[:10]] for row in rows]


def page(*reports: Report, language: str = "en") -> Page:
    return Page(examples.written("html", reports, language))


def test_all_documents_are_there():
    rows = page(*examples.ALL).documents()
    assert [row[:2] for row in rows] == [
        ["valid", "in/good.xml"],
        ["invalid", "in/b \\x202e\\x1b[31m.xml"],
        ["undecided", "in/xr.xml"],
        ["undecided", "in/c.xml"],
        ["error", "in/gone.xml"],
    ]


def test_what_a_check_compared_is_there():
    scripts = [text for _, text in page(examples.HOSTILE).scripts]
    assert any("BT-31 = FR00; expected = FR61" in text for text in scripts)


def test_the_summary_needs_no_script():
    text = " ".join(page(*examples.ALL).text.split())
    for part in (
        "5 documents",
        "1 valid",
        "2 undecided",
        "1 error",
        "20.0 %",
        "BR-CO-15",
        "en16931",
    ):
        assert part.replace(" ", "") in text.replace(" ", ""), part
    assert "needs JavaScript" in text


def test_nothing_hostile_becomes_an_element_or_ends_a_script():
    good, evil = (page(examples.VALID, report) for report in (examples.INVALID, examples.HOSTILE))
    assert evil.tags.count("script") == good.tags.count("script")
    assert "alert(1)" not in [text for _, text in evil.scripts]
    data = examples.written("html", (examples.HOSTILE,))
    assert data.count(b"</script>") == data.count(b"<script")
    assert b"<!--" not in data
    assert "\u202e".encode() not in data
    assert not re.search(rb"[\x00-\x08\x0b-\x1f]", data)
    assert not any(name.startswith("on") for name, _ in evil.attributes)


def test_huge_names_are_cut_and_the_page_says_what_it_leaves_out():
    data = examples.written("html", (examples.HOSTILE,))
    assert len(data) < 100_000
    assert "…".encode() in data


def test_the_page_asks_for_nothing():
    data = examples.written("html", examples.ALL).decode()
    asks = r"""src=|href=(?!"#)|url\(|@import|https?:|fetch\(|XMLHttp|import\("""
    assert not re.search(asks, data)
    assert "default-src 'none'" in data


def test_only_our_script_may_run():
    data = examples.written("html", examples.ALL).decode()
    script = re.search(r"<script>(.*)</script>", data, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in data


def test_every_control_has_a_label():
    data = examples.written("html", examples.ALL).decode()
    for control in re.finditer(r"<(?:input|select)[^>]*>", data):
        before = data[: control.start()]
        assert before.rfind("<label>") > before.rfind("</label>"), control[0]
    assert 'role="img" aria-label="1 valid, 1 invalid, 2 undecided, 1 error"' in data


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages(language):
    data = examples.written("html", examples.ALL, language).decode()
    column = LANGUAGES.index(language)
    assert f'<html lang="{language}">' in data
    for key in ("report", "rules_broken", "per_supplier", "invalid", "search"):
        assert WORDS[key][column].replace("’", "&#x27;")[:10] in data.replace("’", "&#x27;")


def test_every_word_that_the_script_uses_is_there():
    script = examples.written("html", examples.ALL).decode().rpartition("<script>")[2]
    used = re.findall(r"words\.([a-z_]+)", script) + re.findall(r'fill\("([a-z_]+)"', script)
    assert set(used) <= WORDS.keys()


def test_no_document():
    empty = page()
    assert "There was no document." in empty.text
    assert empty.documents() == []


def test_many_findings_of_one_document_are_cut_and_counted():
    findings = tuple(
        msgspec.structs.replace(examples.TOTAL, message=f"amount {n}") for n in range(1000)
    )
    report = msgspec.structs.replace(examples.INVALID, findings=findings)
    data = json.loads(dict_of_data(examples.written("html", (report,)).decode()))
    row = data["documents"][0]
    assert (len(row[10]), row[11]) == (200, 800)


def dict_of_data(data: str) -> str:
    found = re.search(r"class=data>(.*?)</script>", data, re.DOTALL)
    assert found
    return found[1]


def test_suppliers_beyond_the_limit_are_counted_together():
    summary = Summary()
    summary.suppliers.most = 2
    for n in range(5):
        subject = Subject(seller=f"S{n}", seller_id=f"DE {n}")
        summary.add(Report(path="a", format="cii", subject=subject, layers=(examples.SCHEMA,)))
    summary.add(
        Report(path="b", format="cii", subject=Subject(seller="s0", seller_id="de0"), error="x")
    )
    kept = [(t.name, t.identifier, t.documents) for t in summary.suppliers.ranked()]
    assert kept == [("S0", "DE 0", 2), ("S1", "DE 1", 1)]
    assert summary.suppliers.others.documents == 3
    text = "".join(summary_sections(summary, Words("en")))
    assert "other suppliers (beyond the first 2): 3 documents, 0 invalid" in text


def test_memory_is_bounded():
    assert examples.peak_memory("html", 20_000) < examples.peak_memory("html", 2_000) + 6_000_000
