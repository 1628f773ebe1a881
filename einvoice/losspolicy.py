"""Which losses of a conversion are accepted, and what is done about the others."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, get_args

import msgspec

from einvoice.errors import LossRefused, PolicyError, UsageError
from einvoice.findings import Loss, LossKind
from einvoice.policyfile import read_policy

#: `report` names the losses; `refuse` hands out no output that lacks something; `refuse-fatal` none
#: that lacks a term of EN 16931 or is invalid by what it lacks.
OnLoss = Literal["report", "refuse", "refuse-fatal"]

_LOST = (LossKind.DROPPED, LossKind.APPROXIMATED)
#: Who asks for a profile asks for its identifier and process.
_OF_PROFILE = ("BT-23", "BT-24")
_SHOWN = 5


class Accepted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Losses that somebody has accepted: those that have all that is named here."""

    reason: str  #: why; for those who read the policy later
    term: str | None = None  #: such as BT-90
    path: str | None = None  #: XPath in the source; `*` stands for anything
    kind: LossKind | None = None

    def covers(self, loss: Loss) -> bool:
        """Whether a loss is one of these."""
        return (
            self.term in (None, loss.term)
            and self.kind in (None, loss.kind)
            and (self.path is None or fnmatchcase(loss.path, _pattern(self.path)))
        )


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The accepted losses."""

    accept: tuple[Accepted, ...] = ()

    def accepts(self, loss: Loss) -> bool:
        """Whether a loss is accepted."""
        return any(accepted.covers(loss) for accepted in self.accept)


def _pattern(path: str) -> str:
    """A path as a pattern in which only `*` is special: an index in brackets is itself."""
    return path.replace("[", "[[]")


def load_policy(path: str | Path) -> Policy:
    """Read a policy: TOML with a table `[[accept]]` for each kind of loss.

    Raises:
        InputNotReadable: the file cannot be opened.
        PolicyError: it is no TOML, a table has no reason or names nothing, or a key is unknown.
    """
    policy = read_policy(path, Policy)
    for number, accepted in enumerate(policy.accept, 1):
        if accepted.term is accepted.path is accepted.kind is None:
            raise PolicyError(path, f"accept {number} names no term, path or kind")
        if not accepted.reason.strip():
            raise PolicyError(path, f"accept {number} has no reason")
    return policy


def check_on_loss(name: str) -> None:
    """Refuse a way of dealing with losses that there is not.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in get_args(OnLoss):
        raise UsageError("way to deal with losses", name, get_args(OnLoss))


def _is_lost(loss: Loss) -> bool:
    replaced = loss.kind is LossKind.APPROXIMATED and loss.term in _OF_PROFILE
    return loss.kind in _LOST and not replaced


def refuse_losses(losses: Iterable[Loss], on_loss: OnLoss, policy: Policy) -> None:
    """Refuse a conversion for its losses, if that was asked for.

    Raises:
        LossRefused: there are losses that are neither accepted nor only reported.
    """
    if on_loss == "report":
        return
    lost = [loss for loss in losses if _is_lost(loss) and not policy.accepts(loss)]
    if on_loss == "refuse-fatal":
        lost = [loss for loss in lost if (loss.term or "").startswith(("BT-", "BG-"))]
    if not lost:
        return
    shown = "; ".join(f"{loss.term or loss.path} {loss.value!r}" for loss in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    raise LossRefused(
        f"{len(lost)} values would be lost: {shown}{more}; accept them in a policy file "
        "(--accept-losses FILE) or convert with --on-loss report",
        tuple(lost),
    )
