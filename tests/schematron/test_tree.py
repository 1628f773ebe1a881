"""The tree that rules look at."""

import gc

from lxml import etree

from einvoice.schematron import tree as module
from einvoice.schematron.tree import COMMENT, ELEMENT, TEXT, Tree

XML = b"""<r xmlns="urn:a" xmlns:b="urn:b"><x k="1" b:k="2">a<!--c-->b<y>c</y>d</x><x/><b:x/></r>"""


def built() -> Tree:
    return Tree(etree.fromstring(XML))


def test_names_texts_and_places() -> None:
    tree = built()
    root = tree.document.children[0]
    first, second, other = root.children
    assert (root.text, first.text, second.text) == ("abcd", "abcd", "")
    assert [node.location() for node in (tree.document, second, other)] == [
        "/",
        "/Q{urn:a}r[1]/Q{urn:a}x[2]",
        "/Q{urn:a}r[1]/Q{urn:b}x[1]",
    ]
    assert first.attributes["k"].location() == "/Q{urn:a}r[1]/Q{urn:a}x[1]/@k"
    assert [each.text for each in tree.attributes_named("{urn:b}k")] == ["2"]
    assert [node.name for node in tree.elements()] == [
        *("{urn:a}r", "{urn:a}x", "{urn:a}y", "{urn:a}x", "{urn:b}x")
    ]


def test_content_is_in_document_order() -> None:
    tree = built()
    first, second = tree.named("{urn:a}x")
    content = first.content()
    assert [node.kind for node in content] == [TEXT, COMMENT, TEXT, ELEMENT, TEXT]
    assert [node.text for node in content] == ["a", "c", "b", "c", "d"]
    inner = content[3].content()
    orders = [
        n.order for n in (first, *first.attributes.values(), *content[:4], *inner, content[4])
    ]
    assert orders == sorted(orders)
    assert content[4].order < second.order


def test_what_is_below_and_before() -> None:
    tree = built()
    root = tree.document.children[0]
    first, second = tree.named("{urn:a}x")
    assert tree.below(root, "{urn:a}x") == [first, second]
    assert tree.below(first, "{urn:a}x") == []
    assert tree.before(second, "{urn:a}y") == [first.children[0]]
    assert tree.before(first.children[0], "{urn:a}x") == []


def test_a_subtree_is_a_document() -> None:
    root = etree.fromstring(XML)
    assert Tree(root[0]).size == 2


def test_paths_are_the_same_in_all_documents_and_forgotten_when_too_many(monkeypatch) -> None:
    first, second = built(), built()
    assert list(first.paths) == list(second.paths)
    monkeypatch.setattr(module, "_MAX_PATHS", 0)
    third = built()
    assert list(third.paths) != list(first.paths)
    assert [path.names for path in third.paths] == [path.names for path in first.paths]


def test_a_tree_leaves_nothing_for_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        tree = Tree(etree.fromstring("<only-here a='1'><b c='2'/></only-here>"))
        names = {path.names[0] for path in tree.paths}
        del tree
        left = [each for each in gc.get_objects() if isinstance(each, module.Node)]
        assert not [node for node in left if node.path and node.path.names[:1] == (*names,)]
    finally:
        gc.enable()
