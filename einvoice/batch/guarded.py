"""A task on one item: what it gives, or why it failed, in a form that processes can exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from einvoice.errors import EInvoiceError, UsageError

T = TypeVar("T")
R = TypeVar("R")

#: What becomes of an item whose task failed: takes the item and the reason.
OnCrash = Callable[[T, str], R]


class Misused(EInvoiceError):
    """The task was asked for something that does not exist: the same for every item."""

    exit_code = UsageError.exit_code


class Raised(msgspec.Struct, frozen=True):
    """An exception of a task, as text: not every exception survives the way between processes."""

    reason: str
    misuse: bool = False


def guarded(task: Callable[[T], R], item: T) -> R | Raised:
    """The result of a task, or its exception as text."""
    try:
        return task(item)
    except UsageError as error:
        return Raised(str(error), misuse=True)
    except Exception as error:  # whatever it is, the other documents go on
        return Raised(f"{type(error).__name__}: {error}")


def result_of(item: T, outcome: R | Raised, on_crash: OnCrash[T, R]) -> R:
    """The result of an item, made from the reason if its task raised.

    Raises:
        Misused: the task was asked for something that does not exist.
    """
    if not isinstance(outcome, Raised):
        return outcome
    if outcome.misuse:
        raise Misused(outcome.reason)
    return on_crash(item, outcome.reason)
