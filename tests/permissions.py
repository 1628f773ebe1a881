"""Makes root obey permissions, so that tests of closed files and folders hold for everybody.

See capabilities(7): the thread lays down what lets root pass over permissions, and what it starts
as root begins without any capability.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_VERSION_3 = 0x20080522
_OVERRIDE_PERMISSIONS = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_SET_SECUREBITS, _NO_ROOT = 28, 1


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


@contextmanager
def obeyed() -> Iterator[None]:
    """Permissions hold for this thread and for the processes that it starts meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        get, put, control = libc.capget, libc.capset, libc.prctl
    except (AttributeError, OSError):
        pytest.skip("root passes over permissions here")
    header, sets = _Header(_VERSION_3, 0), (_Set * 2)()
    get(ctypes.byref(header), sets)
    before = sets[0].effective
    if control(_SET_SECUREBITS, _NO_ROOT, 0, 0, 0):
        pytest.skip("root may not lay down that it passes over permissions")
    sets[0].effective = before & ~_OVERRIDE_PERMISSIONS
    put(ctypes.byref(header), sets)
    try:
        yield
    finally:
        sets[0].effective = before
        put(ctypes.byref(header), sets)
        control(_SET_SECUREBITS, 0, 0, 0, 0)
