"""Where the names of hosts go on a map, so that they cover each other as little as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTER, LINE = 6.0, 13.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """A circle on the map with a name: pixels from the upper left corner."""

    x: float
    y: float
    radius: float
    name: str


def place(marks: Sequence[Mark]) -> list[tuple[float, float, str]]:
    """Position of each name and its alignment, the earliest marks first.

    Returns:
        (x, y, "left" | "center" | "right") of the middle of each name's line.
    """
    taken = [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    out = []
    for mark in marks:
        options = _options(mark)
        costs = [sum(_overlap(_box(mark, *option), box) for box in taken) for option in options]
        best = options[costs.index(min(costs))]
        taken.append(_box(mark, *best))
        out.append(best)
    return out


def _options(m: Mark) -> list[tuple[float, float, str]]:
    gap = m.radius + 4
    return [(m.x, m.y - gap - LINE / 2, "center"), (m.x + gap, m.y, "left"),
            (m.x - gap, m.y, "right"), (m.x, m.y + gap + LINE / 2, "center")]  # fmt: skip


def _box(m: Mark, x: float, y: float, align: str) -> Box:
    width = LETTER * len(m.name)
    left = {"left": x, "center": x - width / 2, "right": x - width}[align]
    return left, y - LINE / 2, left + width, y + LINE / 2


def _overlap(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0
