"""What a check is: a question that the official rules do not ask, and its answer with evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from einvoice.checks.history import History, Master
from einvoice.checks.payments import Payments
from einvoice.findings import Severity
from einvoice.model import Invoice


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What checks look at.

    What is None was not given; a check that needs it does not run, and says so.
    """

    invoice: Invoice
    today: date
    history: History | None = None  #: of a ledger
    payments: Payments | None = None

    @property
    def past(self) -> History:
        """The history, for a check that needs it."""
        assert self.history is not None
        return self.history

    @property
    def master(self) -> Master | None:
        """The master data of the ledger."""
        return self.history.master if self.history else None


#: What a user has to give for an attribute of `Sight`.
GIVEN_BY = {
    "history": "a ledger (--ledger)",
    "master": "a supplier master (einvoice ledger suppliers)",
    "payments": "a payments file (--payments)",
}


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a check found."""

    message: str  #: one sentence: what was found, what was expected, what to do
    paths: tuple[str, ...]  #: in the model, the first is the place of the finding
    evidence: tuple[tuple[str, str], ...] = ()  #: names and values that were compared
    severity: Severity | None = None  #: where it weighs other than the check does


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A check, by a stable id."""

    id: str  #: such as VAT-01
    title: str  #: what it demands, one line
    severity: Severity
    run: Callable[[Sight], Iterator[Observation]]
    reason_code: str | None = None  #: of a life-cycle status (AFNOR XP Z12-012), such as TX_TVA_ERR
    needs: tuple[str, ...] = ()  #: attributes of `Sight` without which it does not run
