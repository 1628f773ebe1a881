"""Tables that were measured, put into pages."""

from __future__ import annotations

import re
from pathlib import Path


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the comments `<!-- name -->` and `<!-- end -->` of a page."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    content, found = pattern.subn(
        lambda match: f"{match[1]}{text.rstrip()}\n{match[2]}", page.read_text(encoding="utf-8")
    )
    assert found == 1, f"{page.name} has no place for {name}"
    page.write_text(content, encoding="utf-8")
