"""One finding about a fit: its number, how bad it is, where, and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FitFinding:
    """What a check found.

    Attributes:
        number: of the catalogue of errors.
        serious: numbers of the fit should not be used before this is settled.
        where: the parameter, quantity, row, observer, publisher or part of the fit.
        measure: the figure that was judged.
        limit: what it was held against.
        facts: further figures and names that the words need.
    """

    number: int
    serious: bool
    where: str
    measure: float
    limit: float
    facts: Mapping[str, object] = field(default_factory=dict)
