"""The command line over a small stand-in for the engine: the first word of a file decides."""

import sys
import types
from collections.abc import Callable
from pathlib import Path

import click.testing
import msgspec
import pytest

from einvoice.cli import main
from einvoice.errors import (
    ConversionRefused,
    InputNotReadable,
    MalformedXml,
    OutputInvalid,
    UnknownFormat,
    UsageError,
)
from einvoice.findings import (
    Finding,
    Layer,
    LayerName,
    Loss,
    Repaired,
    Report,
    Severity,
    Status,
)
from einvoice.losspolicy import Policy

Run = Callable[..., click.testing.Result]


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    data: bytes
    format: str
    extension: str
    losses: tuple[Loss, ...] = ()
    notes: tuple[str, ...] = ()
    repaired: tuple[Repaired, ...] = ()
    report: Report | None = None


def content_of(source: object) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(str(source)).read_bytes()
    except OSError as error:
        raise InputNotReadable(source, error.strerror) from None


def report_on(word: bytes, path: str, **options: object) -> Report:
    status = {b"valid": Status.PASSED, b"undecided": Status.SKIPPED}.get(word, Status.FAILED)
    layer = Layer(name=LayerName.SCHEMATRON, status=status, ruleset="rules", reason="asked")
    finding = Finding(
        rule="BR-1", severity=Severity.FATAL, layer=LayerName.SCHEMATRON, message="é is wrong"
    )
    findings = () if status is not Status.FAILED else (finding,)
    notes = tuple(f"{name} {value}" for name, value in options.items() if value is not None)
    return Report(path=path, format="cii", layers=(layer,), findings=findings, notes=notes)


def validate(
    source,
    *,
    layers=None,
    rulesets=None,
    profile=None,
    country=None,
    engine="compiled",
    as_of=None,
    checks="off",
    check_policy=None,
    payments=None,
    ledger=None,
    path=None,
    svrl=None,
):
    if rulesets is not None and "nonsense" in rulesets:
        raise UsageError("rule set", "nonsense", ("rules",))
    word = (content_of(source).split() or [b""])[0]
    if word == b"crash":
        raise KeyError("x")
    names = {
        "layers": layers and ",".join(sorted(layers)),
        "rulesets": rulesets and ",".join(sorted(rulesets)),
        "profile": profile,
        "country": country,
        "as_of": as_of,
        "engine": None if engine == "compiled" else engine,
    }
    return report_on(word, str(path), **names)


FAILURES = {
    b"refused": ConversionRefused("it has no lines (BG-25)", ("BG-25",)),
    b"malformed": MalformedXml("not well-formed"),
    b"ours": OutputInvalid("the output is not valid", Report(path="-", format="cii")),
    b"unknown": UnknownFormat("html", ("cii",)),
    b"crash": KeyError("x"),
}


def convert(source, to, *, pdf=None, language="fr", pdfa="3a", **options):
    asked = {name: value for name, value in options.items() if value}
    assert asked == {"on_loss": "report", "policy": Policy()}
    content = content_of(source)
    word = (content.split() or [b""])[0]
    if word in FAILURES:
        raise FAILURES[word]
    extension = {"facturx": ".pdf", "json": ".json"}.get(to, ".xml")
    losses = (Loss(path="/a", value="b", reason="no place"),) if word == b"lossy" else ()
    parts = [to.encode(), content, pdf or b"", language.encode()]
    data = b"|".join([*parts, *([] if pdfa == "3a" else [pdfa.encode()])])
    report = report_on(word, "out")
    return Conversion(data=data, format=to, extension=extension, losses=losses, report=report)


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    for name, function in (("validate", validate), ("convert", convert)):
        module = types.ModuleType(f"einvoice.{name}")
        setattr(module, name, function)
        module.Conversion = Conversion
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def run() -> Run:
    def run(*arguments: object, **options) -> click.testing.Result:
        words = [str(argument) for argument in arguments]
        return click.testing.CliRunner().invoke(main, words, catch_exceptions=False, **options)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
