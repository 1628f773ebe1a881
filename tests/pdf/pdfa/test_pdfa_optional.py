"""6.7 and 6.9 to 6.11: structure, optional content, presentations, requirements."""

import pytest
from pdfa_files import changed, rules
from pikepdf import Array, Dictionary, Name, String


def layers(default, *others, ordered=2):
    """Two groups, of which `ordered` stand in the Order of the default configuration."""

    def change(pdf):
        groups = [
            pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(text))) for text in ("a", "b")
        ]
        if ordered is not None:
            default.Order = Array([Array(groups[:ordered])])
        pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=default, Configs=Array(others))

    return changed(change)


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        (lambda: layers(Dictionary(Name=String("x"))), []),
        (lambda: layers(Dictionary(Name=String("x")), ordered=None), []),
        (lambda: layers(Dictionary()), ["6.9-1"]),
        (lambda: layers(Dictionary(Name=String(""))), ["6.9-1"]),
        (lambda: layers(Dictionary(Name=String("x")), Dictionary(Name=String("x"))), ["6.9-2"]),
        (lambda: layers(Dictionary(Name=String("x")), Dictionary(Name=String("y"))), []),
        (lambda: layers(Dictionary(Name=String("x")), ordered=1), ["6.9-3"]),
        (lambda: layers(Dictionary(Name=String("x"), AS=Array())), ["6.9-4"]),
    ],
)
def test_optional_content(data, broken):
    assert rules(data()) == broken


def test_presentations_and_requirements():
    tree = Dictionary(AlternatePresentations=Dictionary())
    assert rules(changed(lambda pdf: setattr(pdf.Root, "Names", tree))) == ["6.10-1"]
    steps = {"/PresSteps": Dictionary()}
    assert rules(changed(lambda pdf: pdf.pages[0].obj.update(steps))) == ["6.10-2"]
    assert rules(changed(lambda pdf: setattr(pdf.Root, "Requirements", Array()))) == ["6.11-1"]


def test_level_a_wants_a_tagged_file():
    def untagged(pdf):
        del pdf.Root.MarkInfo, pdf.Root.StructTreeRoot

    assert rules(changed(untagged)) == []
    assert rules(changed(untagged), "u") == []
    assert rules(changed(untagged), "a") == ["6.7.2.2-1", "6.7.3.3-1"]


def tagged(kind, **roles):
    def change(pdf):
        tree = pdf.Root.StructTreeRoot
        tree.RoleMap = Dictionary({f"/{key}": Name(f"/{name}") for key, name in roles.items()})
        inner = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{kind}")))
        outer = Dictionary(Type=Name.StructElem, S=Name.Document, K=inner)
        tree.K = pdf.make_indirect(outer)
        inner.P = tree.K

    return changed(change)


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        (lambda: tagged("P"), []),
        (lambda: tagged("Made"), ["6.7.3.4-1"]),
        (lambda: tagged("Made", Made="P"), []),
        (lambda: tagged("Made", Made="Other", Other="P"), []),
        (lambda: tagged("Made", Made="Other"), ["6.7.3.4-1"]),
        (lambda: tagged("Made", Made="Other", Other="Made"), ["6.7.3.4-2"]),
        (lambda: tagged("P", H1="P"), ["6.7.3.4-3"]),
        (lambda: tagged("P", P="P"), []),
    ],
)
def test_structure_types(data, broken):
    assert rules(data(), "a") == broken
    assert rules(data(), "u") == []


@pytest.mark.parametrize(
    ("tag", "broken"),
    [("fr-FR", []), ("de", []), ("", []), ("fr_FR", ["6.7.4-1"]), ("français", ["6.7.4-1"])],
)
def test_languages(tag, broken):
    data = changed(lambda pdf: setattr(pdf.Root, "Lang", String(tag)))
    assert rules(data, "a") == broken
