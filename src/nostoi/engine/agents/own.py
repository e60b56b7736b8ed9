"""Columns that people have for themselves, such as a belief or savings that differ from all others.

Where a model has such columns nobody is exchangeable, and everybody has a record. Rules of the kind
`drift` whose target is the name of a column change it day by day, in this order:

1. jumps: drifts that read `who.luck`, a uniform number that is the person's own on that day;
2. drifts, all from the values that the jumps left;
3. moves, which read the columns after that; a drift with the target `savings.leave` acts once,
   when that move is made.

Drifts also see `who.abroad` (1 in a host), `who.days`, the columns of the group, the date and the
place, and means over the people of the place on the evening before (rules of the kind `mean`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nostoi.engine.agents.columns import Array


@dataclass(frozen=True)
class Span:
    """A personal column: its name, and the two numbers between which it stays for certain."""

    name: str
    low: float = -np.inf
    high: float = np.inf

    def interval(self, kind: Any) -> tuple[float, float]:
        """The span with room for rounding in an array of the given kind."""
        room = 4.0 * float(np.finfo(kind).eps)
        return self.low - room * abs(self.low), self.high + room * abs(self.high)


@dataclass(frozen=True)
class Own:
    """Personal columns of a run, and how moves are made in it.

    Attributes:
        spans: the columns; what drifts out of its span is put back to its end.
        start: values on the first morning in the order of identities, float32 or float64
            [person]; a run leaves them as they are.
        drawn: whether the summed weight of places multiplies the rate of leaving.
        at_once: journeys are over on the day on which they begin.
    """

    spans: tuple[Span, ...] = ()
    start: Mapping[str, Array] = field(default_factory=dict)
    drawn: bool = True
    at_once: bool = False

    def copies(self, persons: int) -> tuple[Array, ...]:
        """The columns of so many persons, for a run to change.

        Raises:
            ValueError: if a column has no start, has another length or kind, or leaves its span.
        """
        found = []
        for span in self.spans:
            values = self.start.get(span.name)
            if values is None or values.shape != (persons,) or values.dtype.kind != "f":
                raise ValueError(f"column {span.name} needs one start for each of {persons} people")
            if not ((values >= span.low) & (values <= span.high)).all():
                raise ValueError(f"column {span.name} does not start in {span.low}..{span.high}")
            found.append(values.copy())
        return tuple(found)


NOTHING = Own()
"""No personal columns."""
