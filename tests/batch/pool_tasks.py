"""Tasks for the pool; at the top of a module, so that another process can import them."""

import os
import signal
import time
from pathlib import Path

from einvoice.errors import UsageError


def double(item: int) -> int:
    return 2 * item


def slow_first(item: int) -> int:
    time.sleep(0.3 if item == 0 else 0)
    return item


def fail_on_odd(item: int) -> str:
    if item % 2:
        raise ValueError(f"{item} is odd")
    return str(item)


def misuse(item: int) -> str:
    raise UsageError("layer", "nonsense", ("xml",))


def die_on_seven(item: int) -> str:
    if item == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return str(item)


def die_always(item: int) -> str:
    os._exit(139)


def die_once(item: tuple[int, str]) -> str:
    """The process of item 3 dies the first time, as one that the system killed."""
    number, marker = item
    if number == 3 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return str(number)


def slow(item: int) -> int:
    time.sleep(item)
    return item


def process_id(item: int) -> int:
    return os.getpid()


def sleep(item: int) -> int:
    time.sleep(60)
    return item
