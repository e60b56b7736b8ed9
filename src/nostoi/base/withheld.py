"""Which counts of persons may be shown, on every floor alike: numeric, never as text."""

from __future__ import annotations

import math


def shown(value: float | None, threshold: float, round_to: float) -> float | None:
    """A count that may be shown, rounded, or None where it must be withheld.

    The count is compared before and after rounding, so rounding lifts nothing over the threshold.

    Args:
        value: persons, crossings or papers; differences may be negative.
        threshold: least count that may be seen.
        round_to: counts are rounded to multiples of this; 0 = not at all.
    """
    if value is None or not math.isfinite(value):
        return None
    rounded = round(value / round_to) * round_to if round_to else value
    if abs(value) < threshold or abs(rounded) < threshold:
        return None
    return float(rounded)
