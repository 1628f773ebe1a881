"""The results of a run as a data set of Parquet files, for those who count and compare."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from einvoice.batch.files import whole_file
from einvoice.batch.manifest import Record
from einvoice.errors import ExtraMissing
from einvoice.findings import Report, Severity, Subject
from einvoice.reports.wire import ConversionLine

NAME = "results.parquet"
#: Rows of a file.
_ROWS = 50_000
#: Digits of a total before and after the point; no sum of money has more.
_BEFORE, _AFTER = 29, 9


def write_results(folder: Path, records: Iterable[Record], *, converted: bool) -> Path:
    """Write the data set of a run in place of that of an earlier one.

    Args:
        folder: where it is put.
        records: one row each.
        converted: these are conversions, else validations.

    Raises:
        ExtraMissing: pyarrow is not installed.
        OSError: it cannot be written.
    """
    kind: type[Report | ConversionLine] = ConversionLine if converted else Report
    new = folder / f".einvoice-{NAME}"
    shutil.rmtree(new, ignore_errors=True)
    rows = (_row(record, msgspec.json.decode(record.result, type=kind)) for record in records)
    for number, some in enumerate(iter(lambda: list(itertools.islice(rows, _ROWS)), [])):
        _write_part(new / f"part-{number:05}.parquet", some)
    target = folder / NAME
    if target.exists():
        shutil.rmtree(target)
    return new.rename(target)


def check_parquet() -> None:
    """Make sure that the data set can be written, before anything is read.

    Raises:
        ExtraMissing: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise ExtraMissing(NAME, "cluster") from None


def _write_part(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(rows, schema=_schema(pyarrow))
    with whole_file(path) as file:
        pyarrow.parquet.write_table(table, file, compression="zstd")


def _schema(pa: Any) -> Any:
    return pa.schema(
        {
            "key": pa.string(),
            "outcome": pa.string(),
            "digest": pa.string(),
            "seconds": pa.float64(),
            "format": pa.string(),
            "profile": pa.string(),
            "seller": pa.string(),
            "seller_id": pa.string(),
            "number": pa.string(),
            "issued": pa.date32(),
            "currency": pa.string(),
            "total": pa.decimal128(_BEFORE + _AFTER, _AFTER),
            "rules": pa.list_(pa.string()),
            "fatal": pa.int32(),
            "warnings": pa.int32(),
            "losses": pa.int32(),
            "error": pa.string(),
            "output": pa.string(),
            "output_digest": pa.string(),
        }
    )


def _row(record: Record, result: Report | ConversionLine) -> dict[str, Any]:
    """A row, by the names of the columns; what a result does not tell is left out."""
    severities = [each.severity for each in result.findings]
    row: dict[str, Any] = {
        "key": record.key,
        "outcome": record.outcome,
        "digest": record.digest or None,
        "seconds": record.seconds,
        "format": result.format,
        "rules": list(dict.fromkeys(each.rule for each in result.findings)),
        "fatal": severities.count(Severity.FATAL),
        "warnings": severities.count(Severity.WARNING),
        "error": result.error,
        "output": record.output,
        "output_digest": record.output_digest,
    }
    if isinstance(result, ConversionLine):
        return row | {"losses": len(result.losses)}
    return row | {"profile": result.profile} | _about(result.subject or Subject())


def _about(subject: Subject) -> dict[str, Any]:
    return {
        "seller": subject.seller,
        "seller_id": subject.seller_id,
        "number": subject.number,
        "issued": subject.issued,
        "currency": subject.currency,
        "total": None if subject.total is None else _stored(subject.total),
    }


def _stored(total: Decimal) -> Decimal | None:
    """A total, if the column can hold it as it is."""
    _, digits, exponent = total.as_tuple()
    if not isinstance(exponent, int) or exponent < -_AFTER or len(digits) + exponent > _BEFORE:
        return None
    return total
