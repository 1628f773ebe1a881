"""Options of the test run."""

import os
from collections.abc import Iterator

import pytest

from tests import permissions

#: Tests that do over and over what others do once. Coverage would learn nothing from them, and take
#: half as long again.
REPEATING = (
    *("bindings/test_round_trip", "conformance", "ledger/test_history", "properties"),
    *("pdf/pdfa/test_pdfa_conformance", "pdf/pdfa/test_pdfa_graphics_conformance"),
    *("pdf/test_visual", "reports/test_csv_reports.py::test_memory", "rulesets/test_linear"),
    *("reports/test_html_reports.py::test_memory", "reports/test_xlsx_reports.py::test_memory"),
    *("schematron/test_compiled", "schematron/test_dispatch", "schematron/test_traps"),
    *("schematron/test_write_svrl", "schematron/test_write_xslt"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.removeprefix("tests/").startswith(REPEATING):
            item.add_marker("no_cover")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected files of samples/; review them"
    )


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are rewritten instead of compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiled rule sets go to a folder of the run, not to the user's; its processes share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    os.environ["XDG_CACHE_HOME"] = str(shared / "cache")


@pytest.fixture
def obeyed_permissions() -> Iterator[None]:
    """What is closed is closed to root, too, in the test and in the processes that it starts."""
    with permissions.obeyed():
        yield
