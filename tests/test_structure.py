"""Imports go only downwards, modules and functions are small, and `import einvoice` is light."""

import ast
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "einvoice"

#: What a package may import besides itself and what all may use.
ALL = {"errors", "findings", "amounts", "artefacts", "kept", "policyfile", "tablefile"}
MAY_IMPORT = {
    "errors": set(),
    "findings": set(),
    "amounts": set(),
    "artefacts": set(),
    "kept": set(),
    "policyfile": set(),
    "tablefile": set(),
    "codelists": set(),
    "model": set(),
    "xml": set(),
    "schematron": {"xml"},
    "rulesets": {"schematron", "xml"},
    "bindings": {"xml", "model"},
    "pdf": {"xml", "model", "codelists"},
    "formats": {"bindings", "pdf", "model", "codelists", "xml"},
    "checks": {"model", "codelists"},
    "ledger": {"checks"},
    "checked": {"checks", "formats", "model"},
    "validate": {"checked", "checks", "formats", "rulesets", "schematron", "pdf", "xml", "model"},
    "account": {"formats", "model", "xml"},
    "losspolicy": set(),
    "repairs": {"formats", "model"},
    "convert": {"repairs", "account", "losspolicy", "validate", "formats", "model"},
    "reports": {"account", "formats", "model"},
    "batch": {
        "checks",
        "ledger",
        "convert",
        "losspolicy",
        "validate",
        "formats",
        "reports",
        "rulesets",
    },
    "__init__": {"account", "losspolicy", "convert", "validate", "formats", "model"},
    "__main__": {"cli"},
}
#: These know only the errors, which may carry findings.
BOTTOM = {
    "artefacts": {"errors"},
    "kept": {"errors"},
    "policyfile": {"errors"},
    "tablefile": {"errors"},
    "amounts": {"errors"},
    "errors": {"findings"},
    "findings": set(),
}
EVERYTHING = {"cli"}

#: Tables of data, which may be as long as they are.
DATA_TABLES = {
    "model/terms.py",
    "model/extension_terms.py",
    "rulesets/catalogue.py",
    "bindings/ubl.py",
    "bindings/cii.py",
    "bindings/ubl_extension.py",
    "bindings/cii_extension.py",
}
MAX_MODULE = 400
MAX_FUNCTION = 40
MAX_MEDIAN = 10

#: What only the work itself needs.
HEAVY = ("sqlalchemy", "alembic", "saxonche", "typst", "pikepdf", "babel", "rich")
MAX_IMPORT_SECONDS = 0.1

#: Module that imports, module that is imported, line, whether for the type checker only.
Import = tuple[str, str, int, bool]


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def package_of(module: str) -> str:
    """The part of a module's name that DESIGN speaks of; `__init__` for einvoice itself."""
    return (module.split(".") + ["__init__"])[1]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def all_imports() -> tuple[Import, ...]:
    modules = {module_of(path) for path in sources()}
    return tuple(
        (module_of(path), target, line, typing_only)
        for path in sources()
        for target, line, typing_only in imports_of(tree_of(path), modules)
    )


def imports_of(tree: ast.AST, modules: set[str]) -> Iterator[tuple[str, int, bool]]:
    """Imports of this project at any depth of a module."""
    for node, typing_only in walk(tree, typing_only=False):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else node.module or "" for name in full]
        else:
            continue
        yield from (
            (name, node.lineno, typing_only) for name in names if name.split(".")[0] == "einvoice"
        )


def walk(node: ast.AST, *, typing_only: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, typing_only
    guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    for child in ast.iter_child_nodes(node):
        yield from walk(child, typing_only=typing_only or guarded)


def functions() -> Iterator[tuple[str, int]]:
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{module_of(path)}.{node.name}", node.end_lineno - node.lineno + 1


def allowed(package: str) -> set[str]:
    return {package} | BOTTOM.get(package, MAY_IMPORT[package] | ALL)


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_go_downwards(package: str) -> None:
    wrong = [
        f"{module}:{line} imports {target}"
        for module, target, line, _ in all_imports()
        if package_of(module) == package and package_of(target) not in allowed(package)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_package_has_a_place() -> None:
    there = {package_of(module_of(path)) for path in sources()}
    assert there == MAY_IMPORT.keys() | EVERYTHING


def test_modules_do_not_import_in_circles() -> None:
    """Imports for the type checker may look back, but only within their package."""
    edges = defaultdict(set)
    for module, target, _, typing_only in all_imports():
        if not (typing_only and package_of(module) == package_of(target)):
            edges[module].add(target)
    circles = [" -> ".join(circle) for module in list(edges) for circle in back_to(module, edges)]
    assert not circles, "\n".join(circles)


def back_to(start: str, edges: dict[str, set[str]]) -> Iterator[list[str]]:
    """The shortest way from a module back to itself, if there is one."""
    waiting = [[start]]
    seen = set()
    while waiting:
        way = waiting.pop(0)
        for target in sorted(edges.get(way[-1], ())):
            if target == start:
                yield [*way, target]
                return
            if target not in seen:
                seen.add(target)
                waiting.append([*way, target])


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources()
    }
    long = {name: n for name, n in lengths.items() if n > MAX_MODULE and name not in DATA_TABLES}
    assert not long


def test_data_tables_exist() -> None:
    assert {name for name in DATA_TABLES if not (PACKAGE / name).is_file()} == set()


def test_functions_are_short() -> None:
    long = {name: lines for name, lines in functions() if lines > MAX_FUNCTION}
    assert not long


def test_the_median_function_is_short() -> None:
    assert statistics.median(lines for _, lines in functions()) <= MAX_MEDIAN


def run_python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_import_loads_nothing_heavy() -> None:
    code = f"import einvoice, sys; print(*(n for n in {HEAVY!r} if n in sys.modules))"
    assert run_python(code).split() == []


def test_import_is_quick(tmp_path: Path) -> None:
    """Processor time, byte code cached as on any machine: what others do here does not count."""
    code = "import time; t = time.process_time(); import einvoice; print(time.process_time() - t)"
    caching = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path)}
    assert min(float(run_python(code, **caching)) for _ in range(5)) < MAX_IMPORT_SECONDS
