"""The XML files beside a rule set that its expressions read."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from einvoice.schematron.runtime import Unevaluable
from einvoice.schematron.tree import Node, Tree


class Files:
    """document(): the files that the rule set names, each read once; nothing else."""

    def __init__(self, folder: str, names: tuple[str, ...]) -> None:
        self._folder = Path(folder)
        self._names = names
        self._trees: dict[str, Tree] = {}

    def read(self, name: str) -> Node:
        """The document node of a file."""
        tree = self._trees.get(name)
        if tree is None:
            tree = self._trees[name] = self._read(name)
        return tree.document

    def _read(self, name: str) -> Tree:
        path = (self._folder / name).resolve()
        if name not in self._names or path.parent != self._folder.resolve():
            raise Unevaluable(f"{name!r} lies outside the folder of the rule set")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return Tree(etree.parse(str(path), parser).getroot())
        except (OSError, etree.XMLSyntaxError) as error:
            raise Unevaluable(f"{name!r} cannot be read: {error}") from None
