"""The generated pages of `docs/` say what the tables of the program say."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def generated_pages() -> Callable[[], dict[Path, str]]:
    spec = importlib.util.spec_from_file_location("docs_tool", ROOT / "tools" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages


@pytest.mark.parametrize(
    ("path", "text"), generated_pages()().items(), ids=lambda it: Path(it).stem[:20]
)
def test_page_is_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `make generate`"


def test_pages_are_the_same_each_time() -> None:
    pages = generated_pages()
    assert pages() == pages()
