"""The frame of the PDF/A check: what it gives, and what it survives."""

from io import BytesIO

import pikepdf
import pytest
from pdfa_files import changed, edited, right, rules, saved, with_xmp
from pikepdf import Array, Dictionary, Name

from einvoice.pdf import pdfa
from einvoice.pdf.pdfa import check
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import Subject


def test_a_right_file_has_no_fault_at_any_level():
    result = check(right())
    assert result.faults == ()
    assert result.claimed == "a"
    assert result.crashed == ()


@pytest.mark.parametrize(("text", "level"), [("A", "a"), ("B", "b"), ("U", "u"), ("b", None)])
def test_the_claimed_level(text, level):
    data = with_xmp("conformance>A", f"conformance>{text}")
    assert check(data).claimed == level


def test_another_part_claims_no_level_of_this_one():
    assert check(with_xmp("part>3", "part>2")).claimed is None


def test_a_level_counts_the_faults_of_the_levels_below():
    result = pdfa.Result(faults=(Fault("1", "", "b"), Fault("2", "", "u"), Fault("3", "", "a")))
    assert [fault.rule for fault in result.at("b")] == ["1"]
    assert [fault.rule for fault in result.at("u")] == ["1", "2"]
    assert [fault.rule for fault in result.at("a")] == ["1", "2", "3"]


@pytest.mark.parametrize("data", [b"", b"<html>", right()[:300], right()[: len(right()) // 2]])
def test_what_cannot_be_opened_fails(data):
    assert rules(data) == ["6.1.1-1"]


def test_a_file_that_had_to_be_repaired_fails():
    data = right()
    start = data.rindex(b"startxref")
    assert "6.1.1-1" in rules(data[:start] + b"startxref\n5\n%%EOF\n")


def test_a_locked_file_is_encrypted():
    lock = pikepdf.Encryption(owner="o", user="secret")
    assert rules(changed(lambda pdf: None, encryption=lock)) == ["6.1.3-2"]


def test_an_error_of_ours_is_told_and_is_no_pass(monkeypatch):
    def broken(subject):
        yield Fault("9-1", "found before the error")
        raise KeyError("x")

    monkeypatch.setattr(pdfa.structure, "CHECKS", (broken, *pdfa.structure.CHECKS))
    result = check(edited(b"/Marked true", b"/Marked false"))
    assert result.crashed == ("test_pdfa_frame.broken",)
    assert result.unchecked["test_pdfa_frame.broken"] == "could not be checked (KeyError)"
    assert [fault.rule for fault in result.faults] == ["9-1", "6.7.2.2-1"]


def test_many_faults_of_one_rule_are_cut():
    def hundred(pdf):
        pdf.Root.Numbers = Array([2**40] * 100)

    assert len(check(changed(hundred)).faults) == pdfa.MAX_PER_RULE


def test_loops_and_depth_do_not_hang():
    def loops(pdf):
        node = pdf.make_indirect(Dictionary())
        node.Self = node
        deep = Array()
        for _ in range(400):
            deep = Array([deep])
        node.Deep = deep
        pdf.Root.Loop = node
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)

    with pikepdf.open(BytesIO(right())) as pdf:
        loops(pdf)
        subject = Subject(b"", pdf)
        assert len(subject.pages) == 1
        assert 400 < len(subject.values) + 400 < 900


def test_pages_are_in_order_and_inherit():
    with pikepdf.new() as pdf:
        for side in (10, 20, 30):
            pdf.add_blank_page(page_size=(side, side))
        pdf.Root.Pages.Rotate = 90
        subject = Subject(b"", pdf)
        assert [int(page.MediaBox[2]) for page in subject.pages] == [10, 20, 30]
        assert subject.inherited(subject.pages[2], "/Rotate") == 90
        assert subject.inherited(subject.pages[2], "/Nothing") is None


def test_a_result_is_worked_out_once():
    with pikepdf.open(BytesIO(right())) as pdf:
        calls = []
        subject = Subject(right(), pdf)

        def work(one):
            calls.append(one)
            return 7

        assert (subject.once(work), subject.once(work), calls) == (7, 7, [subject])


def test_object_and_cross_reference_streams_are_fine():
    with pikepdf.open(BytesIO(right())) as pdf:
        data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/XRef" in data
    assert rules(data, "a") == []


def test_a_linearised_file_is_fine():
    assert rules(changed(lambda pdf: None, linearize=True), "a") == []


def test_what_nothing_leads_to_is_not_judged():
    def orphan(pdf):
        pdf.make_indirect(Dictionary(A=Dictionary(S=Name.Launch)))

    with pikepdf.open(BytesIO(right())) as pdf:
        orphan(pdf)
        assert not list(pdfa.interactive.action_kinds(Subject(b"", pdf)))
