import pickle

import pytest

import einvoice
from einvoice import errors
from einvoice.findings import Report

ERRORS = [
    errors.InputNotReadable("a.xml", "no such file"),
    errors.UsageError("format", "x", ("ubl", "cii")),
    errors.TableError("a.csv", ("line 2: wrong",), 3),
    errors.ArtefactError("gone"),
    errors.ExtraMissing("XLSX", "excel"),
    errors.MalformedXml("not well-formed", 7),
    errors.UnknownFormat("html", ("ubl",)),
    errors.ConversionRefused("no lines", ("BG-25",)),
    errors.OutputInvalid("bad", Report(path="-", format="cii")),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_travel_between_processes(error) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_each_error_of_the_tree_is_drawn_with_its_exit_code() -> None:
    drawn = errors.__doc__
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, einvoice.EInvoiceError):
            line = next(line for line in drawn.splitlines() if f" {kind.__name__} " in line)
            assert f" {kind.exit_code} " in line
