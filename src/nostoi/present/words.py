"""Numbers in words: rounded to their uncertainty, with the interval beside them.

A figure of 326,417 with an interval from 265,120 to 399,803 says 326,000 [265,000–400,000]: the
unit of rounding is the power of ten nearest to a hundredth of the interval's width. Shares keep
fewer digits, because a point of percent is what a reader can use.
"""

from __future__ import annotations

import math
from datetime import date

from nostoi.present.strings import text
from nostoi.present.summary import Estimate

COUNT_PARTS = 100.0
SHARE_PARTS = 30.0
PERCENT = "\N{NO-BREAK SPACE}%"


def unit_of(width: float, parts: float = COUNT_PARTS) -> float:
    """Unit to which a number is rounded: the power of ten nearest to width / parts."""
    if not math.isfinite(width) or width <= 0:
        return 1.0
    return float(10.0 ** round(math.log10(width / parts)))


def number(value: float | None, unit: float = 1.0) -> str:
    """A number with thousands separators, rounded to a unit; withheld or missing if None."""
    if value is None:
        return text("withheld")
    if not math.isfinite(value):
        return text("missing")
    decimals = max(0, -math.floor(math.log10(unit))) if unit < 1 else 0
    rounded = round(value / unit) * unit
    return f"{rounded + 0.0:,.{decimals}f}"


def share(value: float | None, unit: float = 0.01) -> str:
    """A share 0..1 as percent, rounded to a unit of shares (0.01 = one point)."""
    if value is None or not math.isfinite(value):
        return number(value)
    return number(100 * value, max(100 * unit, 0.1)) + PERCENT


def _width(low: float | None, high: float | None) -> float:
    return (high or 0.0) - (low or 0.0)


def _unit(e: Estimate, percent: bool) -> float:
    width = _width(e.low90, e.high90)
    if percent:
        return min(max(unit_of(width, SHARE_PARTS), 0.001), 0.01)
    size = max(abs(e.median or 0.0), abs(e.high90 or 0.0))
    return max(unit_of(width), 1.0 if size >= 10 else 0.01)


def point(e: Estimate, percent: bool = False) -> str:
    """The median alone, with the dagger if its chains do not agree."""
    unit = _unit(e, percent)
    shown = share(e.median, unit) if percent else number(e.median, unit)
    return shown + mark(e)


def interval(e: Estimate, mass: int = 90, percent: bool = False) -> str:
    """The equal-tailed interval of 50 or 90 %, for example [265,000–400,000]."""
    low, high = (e.low90, e.high90) if mass == 90 else (e.low50, e.high50)
    unit = _unit(e, percent)
    if percent:
        return f"[{share(low, unit).removesuffix(PERCENT)}–{share(high, unit)}]"
    return f"[{number(low, unit)}–{number(high, unit)}]"


def estimate(e: Estimate, percent: bool = False) -> str:
    """Median and 90 % interval, for example 326,000 [265,000–400,000]."""
    return f"{point(e, percent)} {interval(e, 90, percent)}"


def mark(e: Estimate) -> str:
    """A dagger where the chains do not agree about this number, else nothing."""
    return "" if e.converged else text("dagger")


def day(iso: str) -> str:
    """A date in words: 2022-09-21 -> 21 September 2022; anything else as it is."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day} {text('months').split()[found.month - 1]} {found.year}"


def joined(names: list[str]) -> str:
    """Names as a list in a sentence: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
