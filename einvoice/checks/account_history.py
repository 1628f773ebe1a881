"""Checks of an account (BT-84) against the known ones of its seller: the usual fraud is a change.

A factor is paid for many sellers, so what an invoice assigns to a payee is left out; but that a
seller has a factor of whom nothing was seen is a change too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from einvoice.checks.account_numbers import compact, transfers_of
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.history import AccountUse, History
from einvoice.checks.parties import plain
from einvoice.findings import Severity

#: So long a changed account is told of again.
_NEW = timedelta(days=30)


def _path(sight: Sight, account: str) -> tuple[str, ...]:
    written = [compact(transfer.account) for transfer in transfers_of(sight.invoice)]
    position = written.index(account)
    return (f"payment.credit_transfers[{position}].account", "payment.credit_transfers")


def _used(history: History) -> list[AccountUse]:
    return [use for use in history.accounts if use.same_seller]


def _in_master(history: History, account: str) -> bool:
    known = history.master.suppliers if history.master else ()
    return any(account in supplier.accounts for supplier in known)


def _first_account(sight: Sight) -> Iterator[Observation]:
    """An account of a seller that had none is worth a look; of a new seller all is new."""
    history = sight.past
    if history.print.assigned or _used(history) or not history.recent:
        return
    for account in history.print.accounts:
        if not _in_master(history, account):
            yield Observation(
                message=f"the account (BT-84) {account} is the first one seen of this seller",
                paths=_path(sight, account),
                evidence=(("BT-84", account), ("invoices before", str(len(history.recent)))),
            )


def _changed(sight: Sight) -> Iterator[Observation]:
    """An account is one that the seller was paid on before, or that the master data knows.

    One of a factor may be known from other sellers. That a change is a few days old is worth
    knowing: whoever looks at the second invoice may not have seen the first.
    """
    history = sight.past
    used = _used(history)
    known = {use.account for use in used}
    if not known:
        return
    if history.print.assigned:
        known |= {use.account for use in history.accounts if use.assigned}
    for account in history.print.accounts:
        if _in_master(history, account):
            continue
        before = ", ".join(f"{use.account} (since {use.first})" for use in used)
        if since := _new_since(used, account, sight.today):
            yield Observation(
                message=f"the account (BT-84) {account} is new since {since}; all that the seller "
                f"had: {before}",
                paths=_path(sight, account),
                evidence=(("BT-84", account), ("since", str(since))),
                severity=Severity.INFORMATION,
            )
        elif account not in known:
            yield Observation(
                message=f"the account (BT-84) {account} is new; before, the seller had {before}: "
                "ask by a telephone number that you know already",
                paths=_path(sight, account),
                evidence=(("BT-84", account), ("before", before)),
            )


def _new_since(used: list[AccountUse], account: str, today: date) -> date | None:
    """The day of a change to an account, where that was a few days ago."""
    first = {use.account: use.first for use in used}
    since = first.get(account)
    if since is None or since + _NEW < today or since <= min(first.values()):
        return None
    return since


def _users_before(history: History, account: str) -> set[str]:
    """Other sellers who were paid on an account before the seller was."""
    uses = (use for use in history.accounts if use.account == account)
    before = takewhile(lambda use: not use.same_seller, uses)
    return {use.seller for use in before if not use.assigned}


def _shared(sight: Sight) -> Iterator[Observation]:
    """An account is of one seller only.

    Of two the later one is told, not whoever had the account first.
    """
    history = sight.past
    mine = history.print
    if mine.assigned:
        return
    for account in mine.accounts:
        others = _users_before(history, account)
        if history.master:
            others |= {name for owned, name in history.master.owners if owned == account}
        others = {name for name in others if plain(name) != plain(mine.seller_name)}
        if others:
            names = ", ".join(sorted(others))
            yield Observation(
                message=f"the account (BT-84) {account} is also that of {names}",
                paths=_path(sight, account),
                evidence=(("BT-84", account), ("BT-27", mine.seller_name), ("others", names)),
            )


def _unknown_to_master(sight: Sight) -> Iterator[Observation]:
    """An account is one of those that the master data has of the supplier."""
    history = sight.past
    assert history.master is not None
    known = sorted({a for supplier in history.master.suppliers for a in supplier.accounts})
    if history.print.assigned or not known:
        return
    for account in history.print.accounts:
        if account not in known:
            yield Observation(
                message=f"the account (BT-84) {account} is not in the master data of the supplier, "
                f"which has {', '.join(known)}: ask by a telephone number that you know already",
                paths=_path(sight, account),
                evidence=(("BT-84", account), ("master", " ".join(known))),
            )


CHECKS: tuple[Check, ...] = (
    Check(
        id="BANK-09",
        title="The seller was paid on an account (BT-84) before",
        severity=Severity.INFORMATION,
        run=_first_account,
        reason_code="COORD_BANC_ERR",
        needs=("history",),
    ),
    Check(
        id="BANK-10",
        title="The account (BT-84) is one that the seller had before",
        severity=Severity.WARNING,
        run=_changed,
        reason_code="COORD_BANC_ERR",
        needs=("history",),
    ),
    Check(
        id="BANK-11",
        title="The account (BT-84) is of no other seller",
        severity=Severity.FATAL,
        run=_shared,
        reason_code="COORD_BANC_ERR",
        needs=("history",),
    ),
    Check(
        id="BANK-12",
        title="The account (BT-84) is in the master data of the supplier",
        severity=Severity.FATAL,
        run=_unknown_to_master,
        reason_code="COORD_BANC_ERR",
        needs=("master",),
    ),
)
