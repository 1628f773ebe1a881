"""The configuration of a batch: a TOML file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from einvoice.batch.conversion import ConversionOptions
from einvoice.batch.pool import default_workers
from einvoice.batch.remote import check_remote, is_url
from einvoice.batch.run import Batch
from einvoice.batch.validation import ValidationOptions, check_ledger, payments_at
from einvoice.batch.work import Options
from einvoice.checks.policy import CheckPolicy, load_check_policy
from einvoice.errors import ConfigError, InputNotReadable
from einvoice.formats import PdfA, format_named
from einvoice.formats.targets import target_named
from einvoice.losspolicy import OnLoss, Policy, load_policy
from einvoice.reports import report_format


class _Validate(msgspec.Struct, kw_only=True):
    """The table `validate`: the options of `einvoice validate`."""

    layers: tuple[str, ...] | None = None
    rulesets: tuple[str, ...] | None = None
    profile: str | None = None
    country: str | None = None
    engine: Literal["compiled", "saxon", "both"] = "compiled"
    as_of: date | None = None
    checks: Literal["off", "report", "fatal"] = "off"
    check_policy: str | None = None
    ledger: str | None = None
    payments: str | None = None


class _Convert(msgspec.Struct, kw_only=True):
    """The table `convert`: the options of `einvoice convert`."""

    to: str
    profile: str | None = None
    repair: tuple[str, ...] = ()
    lang: str = "fr"
    template: str | None = None
    pdfa: PdfA = "3a"
    on_loss: OnLoss = "report"
    accept_losses: str | None = None
    account: str | None = None


class _Config(msgspec.Struct, kw_only=True):
    """The whole file; paths are those from its folder on."""

    input: tuple[str, ...]
    output: str
    state: str | None = None
    workers: int | None = None
    time_limit: float = 300.0
    reports: tuple[str, ...] = ("jsonl",)
    lang: Literal["en", "fr", "de"] = "en"
    validate: _Validate | None = None
    convert: _Convert | None = None


def load_config(path: str | Path) -> Batch:
    """Read the configuration of a batch.

    Raises:
        InputNotReadable: the file, or one that it names, cannot be opened.
        OutputNotWritable, ExtraMissing: the URL of the outputs cannot be used.
        ConfigError: it cannot be understood; an unknown key comes with the nearest known one.
        UsageError: it names a format, profile or report that does not exist.
        LedgerError, TableError: the ledger or the payments cannot be used.
    """
    config = _parsed(path)
    folder = Path(path).parent
    if (config.validate is None) == (config.convert is None):
        raise ConfigError(path, "there must be a table [validate] or a table [convert]")
    if not config.input:
        raise ConfigError(path, "`input` names nothing")
    options: Options
    if config.validate is not None:
        options = _validation(config.validate, folder)
    else:
        assert config.convert is not None
        options = _conversion(config.convert, folder)
    output, remote = _places(config, path)
    forms = tuple(map(report_format, config.reports))
    for form in forms:
        if config.convert is not None and form.write_conversions is None:
            raise ConfigError(path, f"the report {form.name} has no form for conversions")
    return Batch(
        inputs=tuple(each if is_url(each) else str(folder / each) for each in config.input),
        output=output,
        remote=remote,
        options=options,
        workers=config.workers or default_workers(),
        time_limit=config.time_limit,
        reports=forms,
        lang=config.lang,
    )


def _places(config: _Config, path: str | Path) -> tuple[Path, str | None]:
    """The folder of the manifest and the reports, and the URL of the outputs if they have one."""
    if (config.state is not None) != is_url(config.output):
        raise ConfigError(
            path, "`state`, a folder for the record of the run, belongs to an `output` at a URL"
        )
    folder = Path(path).parent
    if config.state is None:
        return folder / config.output, None
    if is_url(config.state):
        raise ConfigError(path, "`state` must be a folder of this machine")
    check_remote(config.output)
    return folder / config.state, config.output


def _parsed(path: str | Path) -> _Config:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputNotReadable(path, error.strerror or str(error)) from None
    try:
        raw = msgspec.toml.decode(content)
        _check_keys(raw, _Config, "")
        _check_keys(raw.get("validate", {}), _Validate, "validate.")
        _check_keys(raw.get("convert", {}), _Convert, "convert.")
        return msgspec.convert(raw, _Config)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(path, str(error)) from None


def _check_keys(found: Any, shape: type[msgspec.Struct], place: str) -> None:
    known = shape.__struct_fields__
    for key in found if isinstance(found, Mapping) else ():
        if key not in known:
            raise ValueError(f"unknown key `{place}{key}`; {_nearest(key, known)}")


def _nearest(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, known, 1)
    return f"did you mean `{close[0]}`?" if close else f"known: {', '.join(known)}"


def _validation(table: _Validate, folder: Path) -> ValidationOptions:
    payments, ledger = table.payments, table.ledger
    if payments is not None:
        payments = str(folder / payments)
        payments_at(payments)
    if ledger is not None:
        ledger = ledger if is_url(ledger) else str(folder / ledger)
        check_ledger(ledger)
    return ValidationOptions(
        layers=None if table.layers is None else frozenset(table.layers),
        rulesets=None if table.rulesets is None else frozenset(table.rulesets),
        profile=table.profile,
        country=table.country,
        engine=table.engine,
        as_of=table.as_of,
        checks=table.checks,
        check_policy=_check_policy(table, folder),
        ledger=ledger,
        payments=payments,
    )


def _check_policy(table: _Validate, folder: Path) -> CheckPolicy | None:
    if table.check_policy is None:
        return None
    from einvoice.checks.run import CHECKS

    known = frozenset(check.id for check in CHECKS)
    return load_check_policy(folder / table.check_policy, known, table.as_of or date.today())


def _conversion(table: _Convert, folder: Path) -> ConversionOptions:
    format_named(table.to)
    if table.profile is not None:
        target_named(table.profile, table.to)
    losses = table.accept_losses
    return ConversionOptions(
        to=table.to,
        profile=table.profile,
        repairs=table.repair,
        language=table.lang,
        template=None if table.template is None else str(folder / table.template),
        pdfa=table.pdfa,
        on_loss=table.on_loss,
        policy=Policy() if losses is None else load_policy(folder / losses),
        account=table.account,
        overwrite=True,  # the folder is that of the batch: what is there, an earlier run wrote
    )
