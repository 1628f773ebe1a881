"""6.3 to 6.5: annotations, forms and actions."""

import pytest
from pdfa_files import annotate, changed, rules
from pikepdf import Array, Dictionary, Name, String


def annotation(**keys):
    return changed(lambda pdf: annotate(pdf, **keys))


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"Subtype": Name.Movie}, ["6.3.1-1"]),
        ({"Subtype": Name.Made}, ["6.3.1-1"]),
        ({"F": None}, ["6.3.2-1"]),
        ({"F": None, "Subtype": Name.Popup}, []),
        ({"F": 0}, ["6.3.2-2"]),
        ({"F": 4 + 2}, ["6.3.2-2"]),
        ({"F": 4 + 256}, ["6.3.2-2"]),
        ({"F": 4 + 8 + 16}, []),
        ({"AP": None}, ["6.3.3-1"]),
        ({"AP": None, "Subtype": Name.Link}, []),
        ({"AP": None, "Rect": [5, 5, 5, 5]}, []),
        ({"AP": None, "Rect": [5, 5, 5, 9]}, ["6.3.3-1"]),
        ({"AP": Dictionary(N=Dictionary())}, ["6.3.3-4"]),
        ({"AP": Dictionary(D=Dictionary())}, ["6.3.3-2", "6.3.3-4"]),
    ],
)
def test_annotations(keys, broken):
    assert rules(annotation(**keys)) == broken


def test_a_button_has_states():
    def states(pdf):
        item = annotate(pdf, Subtype=Name.Widget, FT=Name.Btn)
        item.AP = Dictionary(N=Dictionary(Off=item.AP.N))

    assert rules(changed(states)) == []
    assert rules(annotation(Subtype=Name.Widget, FT=Name.Btn)) == ["6.3.3-3"]


def test_a_button_may_inherit_its_type():
    parent = Dictionary(FT=Name.Btn)
    assert rules(annotation(Subtype=Name.Widget, Parent=parent)) == ["6.3.3-3"]


def test_a_second_appearance():
    def change(pdf):
        item = annotate(pdf)
        item.AP.R = item.AP.N

    assert rules(changed(change)) == ["6.3.3-2"]


def go():
    return Dictionary(S=Name.GoTo, D=String("x"))


def test_widgets_do_nothing():
    assert rules(annotation(Subtype=Name.Widget, A=go())) == ["6.4.1-1"]
    assert rules(annotation(Subtype=Name.Widget, AA=Dictionary(E=go()))) == [
        "6.4.1-1",
        "6.4.1-2",
    ]
    assert rules(annotation(Subtype=Name.Link, A=go())) == []


def form(**keys):
    return changed(lambda pdf: setattr(pdf.Root, "AcroForm", Dictionary(Fields=Array(), **keys)))


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"NeedAppearances": False}, []),
        ({"NeedAppearances": True}, ["6.4.1-3"]),
        ({"XFA": Array()}, ["6.4.2-1"]),
    ],
)
def test_form(keys, broken):
    assert rules(form(**keys)) == broken


def test_needs_rendering():
    assert rules(changed(lambda pdf: setattr(pdf.Root, "NeedsRendering", True))) == ["6.4.2-2"]


def fields(*rows):
    def change(pdf):
        made = [pdf.make_indirect(row) for row in rows]
        pdf.Root.AcroForm = Dictionary(Fields=Array(made))

    return changed(change)


def test_fields_do_nothing():
    assert rules(fields(Dictionary(T=String("a")))) == []
    assert rules(fields(Dictionary(T=String("a"), AA=Dictionary(K=go())))) == ["6.4.1-2"]
    below = Dictionary(T=String("b"), AA=Dictionary(K=go()))
    assert rules(fields(Dictionary(Kids=Array([below])))) == ["6.4.1-2"]


def test_signature_covers_the_file():
    def signed(numbers):
        value = Dictionary(Type=Name.Sig, ByteRange=Array(numbers), Contents=String("s"))
        return fields(Dictionary(FT=Name.Sig, T=String("sig"), V=value))

    assert rules(signed([0, 10, 20, 30])) == ["6.4.3-1"]
    assert rules(signed([0, 10])) == ["6.4.3-1"]
    draft = signed([0, 11111, 22222, 33333])
    start = draft.index(b"<73>")
    exact = draft.replace(b"11111", b"%05d" % start)
    exact = exact.replace(b"22222", b"%05d" % (start + 4))
    exact = exact.replace(b"33333", b"%05d" % (len(exact) - start - 4))
    assert "6.4.3-1" not in rules(exact)


@pytest.mark.parametrize(
    ("action", "broken"),
    [
        (go(), []),
        (Dictionary(S=Name.URI, URI=String("x")), []),
        (Dictionary(S=Name.GoToE), []),
        (Dictionary(S=Name.JavaScript, JS=String("x")), ["6.5.1-1"]),
        (Dictionary(S=Name.Launch), ["6.5.1-1"]),
        (Dictionary(S=Name.Named, N=Name.NextPage), []),
        (Dictionary(S=Name.Named, N=Name.Print), ["6.5.1-2"]),
        (Dictionary(S=Name.URI, Next=Array([Dictionary(S=Name.Hide)])), ["6.5.1-1"]),
    ],
)
def test_actions(action, broken):
    assert rules(changed(lambda pdf: setattr(pdf.Root, "OpenAction", action))) == broken


def test_attributes_of_the_structure_are_no_actions():
    element = Dictionary(S=Name.P, A=Dictionary(O=Name.Layout, S=Name.Other))
    assert rules(changed(lambda pdf: setattr(pdf.Root, "Extra", element))) == []


def test_javascript_of_the_document():
    tree = Dictionary(JavaScript=Dictionary(Names=Array()))
    assert rules(changed(lambda pdf: setattr(pdf.Root, "Names", tree))) == ["6.5.1-1"]


def test_triggers():
    assert rules(changed(lambda pdf: setattr(pdf.Root, "AA", Dictionary(WC=go())))) == ["6.5.2-1"]
    assert rules(changed(lambda pdf: pdf.pages[0].obj.update({"/AA": Dictionary(O=go())}))) == [
        "6.5.2-2"
    ]
