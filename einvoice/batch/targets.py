"""Names for the outputs of a conversion: the tree of the sources kept, no name given twice."""

from __future__ import annotations

from pathlib import Path, PurePath

from einvoice.batch.remote import is_url
from einvoice.batch.sources import Source


class Targets:
    """Gives each source its output below one folder, or below a URL.

    `a.xml` becomes `a` with the suffix of the target; a second document of that name in the same
    folder, such as `a.pdf`, keeps its own suffix before the new one; a third gets a number.
    """

    def __init__(self, folder: str | Path, suffix: str) -> None:
        self.prefix = f"{str(folder).rstrip('/')}/" if is_url(str(folder)) else ""
        self.folder = PurePath() if self.prefix else PurePath(folder)
        self.suffix = suffix
        self._given: set[str] = set()

    def path_for(self, source: Source) -> str:
        """The output of a source; asked twice, it gives two names."""
        place = PurePath(source.relative)
        names = [
            place.with_name(place.stem + self.suffix),
            place.with_name(place.name + self.suffix),
        ]
        name = next(filter(self._take, names), None)
        number = 2
        while name is None:
            numbered = place.with_name(f"{place.name}-{number}{self.suffix}")
            name = numbered if self._take(numbered) else None
            number += 1
        if self.prefix:
            return self.prefix + name.as_posix()
        return str(self.folder / name)

    def reserve(self, path: str) -> None:
        """Never give this name: it is taken."""
        if not path.startswith(self.prefix):
            return
        place = PurePath(path.removeprefix(self.prefix))
        if place.is_relative_to(self.folder):
            self._take(place.relative_to(self.folder))

    def _take(self, name: PurePath) -> bool:
        """Reserve a name, whatever its case: some file systems know only one case."""
        key = str(name).casefold()
        if key in self._given:
            return False
        self._given.add(key)
        return True
