"""Options of the test run."""

import os
from collections.abc import Iterator

import pytest

from tests import permissions


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
