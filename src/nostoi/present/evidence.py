"""Published figures beside what the model predicts for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import xarray as xr

from nostoi.observe.scale import MORE_THAN
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Gate, Row
from nostoi.present.reading import Fit, strings
from nostoi.present.summary import Estimate, Floats, summarise_all

SHARES = ("survey_share", "belief_poll")
TITLE = 40
PER = {"day": 1.0, "week": 7.0, "month": 30.44}
RETURNED = ("returned", "returned_or_visited", "returned_share")


@dataclass(frozen=True)
class Observed:
    """One published figure used in the fit, and the model's answer in the figure's own units.

    Attributes:
        low, high: the row's own columns, ends of a range (NaN = none).
        bound: point, about, range, at_least or at_most; empty if the fit does not say.
        shown: what the publisher would show, with noise.
        expected: the same without noise.
        unbiased: without the publisher's definition and bias; None if the fit does not say.
    """

    id: str
    family: str
    observer: str
    place: str
    place_name: str
    per: str
    count_type: str
    measure: str
    start: str
    end: str
    publisher: str
    confidence: str
    value: float
    low: float
    high: float
    shown: Estimate
    expected: Estimate
    unbiased: Estimate | None
    bound: str = ""

    @property
    def title(self) -> str:
        """What one series of a source is called: the observer and the measure, with the place."""
        name = f"{self.observer}, {self.measure.replace('_', ' ')}"
        full = f"{self.place_name}: {name}"
        return full if self.place_name and len(full) <= TITLE else name

    @property
    def days(self) -> float:
        """Days that a count runs over: its period, or one unit of a rate; 0 = not over time."""
        counted = self.count_type in ("crossing", "flow") or self.measure == "issued"
        if not counted:
            return 0.0
        if self.per:
            return PER[self.per]
        return float((date.fromisoformat(self.end) - date.fromisoformat(self.start)).days + 1)

    @property
    def middle(self) -> str:
        """The middle of the period, or its end where the figure is of one day."""
        if not self.days:
            return self.end
        first, last = date.fromisoformat(self.start), date.fromisoformat(self.end)
        return (first + (last - first) / 2).isoformat()

    @property
    def counts_persons(self) -> bool:
        """Whether the unit is a count (persons, crossings, permits) and not a percentage."""
        return self.count_type not in SHARES and self.measure not in ("returned_share", "search")

    @property
    def ends(self) -> tuple[float, float]:
        """The published interval; a point is an interval of no width.

        "More than x" is x to 1.25 x and "less than x" the like below, as the likelihood reads it.
        """
        if self.bound == "at_least":
            return self.value, self.value * MORE_THAN
        if self.bound == "at_most":
            return self.value / MORE_THAN, self.value
        if self.bound in ("point", "about"):
            return self.value, self.value
        ranged = math.isfinite(self.low) or math.isfinite(self.high)
        if not ranged:
            return self.value, self.value
        low = self.low if math.isfinite(self.low) else -math.inf
        return low, self.high if math.isfinite(self.high) else math.inf

    @property
    def point(self) -> float:
        """The value, or the middle of the range, or its only end."""
        if math.isfinite(self.value):
            return self.value
        ends = [end for end in self.ends if math.isfinite(end)]
        return sum(ends) / len(ends) if ends else math.nan

    def inside(self, mass: int) -> bool:
        """Whether the published interval meets the predictive interval of 50 or 90 %."""
        e = self.shown
        below, above = (e.low50, e.high50) if mass == 50 else (e.low90, e.high90)
        low, high = self.ends
        return low <= (above or 0.0) and high >= (below or 0.0)

    @property
    def distance(self) -> float:
        """How far the figure lies from the median, in half widths of the 90 % interval."""
        low, high = self.ends
        median = self.shown.median or 0.0
        gap = max(low - median, median - high, 0.0)
        half = ((self.shown.high90 or 0.0) - (self.shown.low90 or 0.0)) / 2
        return gap / half if half > 0 else (0.0 if gap == 0 else math.inf)


def observed(fit: Fit, case: CaseView) -> list[Observed]:
    """All figures used in the fit, by date."""
    seen, said = fit.groups["observed_data"], fit.groups["posterior_predictive"]
    columns = {str(name): strings(seen[name].values) for name in seen.variables}
    shown, expected = _all(said, "y"), _all(said, "expected")
    unbiased = _all(said, "expected_unbiased") if "expected_unbiased" in said else None
    out = []
    for i in range(seen.sizes["obs"]):
        cells = {key: column[i] for key, column in columns.items()}
        family = str(case.observers.get(cells["observer"], {}).get("family", cells["count_type"]))
        plain = unbiased[i] if unbiased else None
        cells["place_name"] = case.places[p].name if (p := cells["place"]) in case.places else ""
        cells["per"] = case.row(cells["obs"]).get("per", "")
        out.append(_observed(cells, family, shown[i], expected[i], plain))
    return sorted(out, key=lambda f: (f.end, f.id))


def _observed(
    cells: dict[str, str],
    family: str,
    shown: Estimate,
    expected: Estimate,
    unbiased: Estimate | None,
) -> Observed:
    return Observed(
        id=cells["obs"],
        family=family,
        observer=cells["observer"],
        place=cells["place"],
        place_name=cells["place_name"],
        per=cells["per"],
        count_type=cells["count_type"],
        measure=cells["measure"],
        start=cells["period_start"][:10],
        end=cells["period_end"][:10],
        publisher=cells["publisher"],
        confidence=cells["confidence"],
        value=_number(cells["value"]),
        low=_number(cells["low"]),
        high=_number(cells["high"]),
        shown=shown,
        expected=expected,
        unbiased=unbiased,
        bound=cells.get("bound", ""),
    )


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _all(said: xr.Dataset, name: str) -> list[Estimate]:
    draws: Floats = np.asarray(said[name].transpose("chain", "draw", "obs").values, float)
    return summarise_all(draws)


def gated(figure: Observed, gate: Gate) -> Observed:
    """The figure with small counts withheld."""
    if not figure.counts_persons:
        return figure
    value, low, high = (
        math.nan if (kept := gate.count(x)) is None else kept
        for x in (figure.value, figure.low, figure.high)
    )
    unbiased = None if figure.unbiased is None else gate.estimate(figure.unbiased)
    return replace(
        figure,
        value=value,
        low=low,
        high=high,
        shown=gate.estimate(figure.shown),
        expected=gate.estimate(figure.expected),
        unbiased=unbiased,
    )


def rows(found: Sequence[Observed]) -> list[Row]:
    """Tidy rows: one per figure, in its own units."""
    return [
        {
            "id": f.id,
            "panel": f.title,
            "date": f.middle,
            "start": f.start,
            "end": f.end,
            "days": f.days,
            "published": _finite(f.value),
            "published_low": _end(f, 0),
            "published_high": _end(f, 1),
            "point": _finite(f.point),
            "low90": f.shown.low90,
            "low50": f.shown.low50,
            "median": f.shown.median,
            "high50": f.shown.high50,
            "high90": f.shown.high90,
            "publisher": f.publisher,
            "unit": "count" if f.counts_persons else "percent",
        }
        for f in found
    ]


def _end(f: Observed, which: int) -> float | None:
    """One end of a published interval that has a width."""
    return _finite(f.ends[which]) if f.ends[0] < f.ends[1] else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def coverage(found: Sequence[Observed], mass: int) -> float:
    """Share of figures inside their predictive interval of 50 or 90 %; NaN for none."""
    return sum(f.inside(mass) for f in found) / len(found) if found else math.nan


def by_family(found: Sequence[Observed]) -> dict[str, list[Observed]]:
    """Figures by family, the largest family first."""
    groups: dict[str, list[Observed]] = {}
    for figure in found:
        groups.setdefault(figure.family, []).append(figure)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))
