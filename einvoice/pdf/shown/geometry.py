"""Where things stand on a page: matrices, and the step from one piece of text to the next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)

#: In sizes of the text: a step from the line that begins a new one, and a gap that is a blank.
LINE_STEP = 0.4
BLANK_GAP = 0.17
BACK_STEP = 0.5


def times(one: Matrix, two: Matrix) -> Matrix:
    """The matrix that does the first, then the second."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def matrix_of(operands: Sequence[Any]) -> Matrix:
    """Six numbers as a matrix.

    Raises:
        TypeError, ValueError: there are not six, or something else.
    """
    a, b, c, d, e, f = (float(part) for part in operands)
    return (a, b, c, d, e, f)


def moved(matrix: Matrix, along: float, up: float = 0.0) -> Matrix:
    """A matrix whose origin is moved in its own directions."""
    return times((1, 0, 0, 1, along, up), matrix)


def separator(end: tuple[float, float], start: Matrix, size: float) -> str:
    """What separates a text from the one before: a blank for a gap, a break for a step off it."""
    height = math.hypot(start[2], start[3]) * abs(size) or 1.0
    length = math.hypot(start[0], start[1]) or 1.0
    along_x, along_y = start[0] / length, start[1] / length
    step_x, step_y = start[4] - end[0], start[5] - end[1]
    along = step_x * along_x + step_y * along_y
    across = step_y * along_x - step_x * along_y
    if abs(across) > LINE_STEP * height:
        return "\n"
    return " " if along > BLANK_GAP * height or along < -BACK_STEP * height else ""
