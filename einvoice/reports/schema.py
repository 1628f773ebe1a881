"""The JSON Schema of one report line, made from the wire form; published in `schemas/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from einvoice.reports.wire import ReportLine

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Report of einvoice about one document"


def report_schema() -> dict[str, Any]:
    """JSON Schema of a line of `--format jsonl`; later versions may add keys."""
    schema = msgspec.json.schema(ReportLine)
    for definition in schema["$defs"].values():
        _demand_all_keys(definition)
    return {"$schema": DIALECT, "title": TITLE, **schema}


def write_schema(path: Path) -> None:
    """Write the schema as it is published."""
    text = msgspec.json.format(msgspec.json.encode(report_schema()), indent=2)
    path.write_bytes(text + b"\n")


def _demand_all_keys(definition: dict[str, Any]) -> None:
    """Readers may rely on every key, also where the struct behind it has a default."""
    properties = definition.get("properties")
    if properties is None:
        return
    definition["required"] = list(properties)
    for value in properties.values():
        value.pop("default", None)
