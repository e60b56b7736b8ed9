"""Forecasts from a day on: counts of every camp as an ensemble of equally likely courses.

Two things make the courses differ: the cloud of parameters that the reports left possible, and
errors of the flow model itself, which are larger. Those are drawn with heavy tails, partly in
common, at the size that surprises have had in each camp; and now and then a camp is registered
anew and its count falls.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from nostoi.base.normals import uniforms
from nostoi.study.arms.learn import Belief

Floats = NDArray[np.float64]

STEP = 10
LOOK_BACK = 120
"""Days: an older last report is taken as if it were of this age."""
MONTH = 30.0
LONGEST_GAP = 90.0
MOST_SWING = 3.0


def look_ahead(belief: Belief, horizons: Sequence[int], seed: int = 1) -> Floats:
    """Counts [horizon, member, camp], in the registration of the day of the forecast.

    Args:
        belief: what is believed on the day of the forecast.
        horizons: days ahead, multiples of ten, rising.
        seed: of the errors.

    Raises:
        ValueError: if a horizon is no multiple of ten, or they do not rise.
    """
    if any(h <= 0 or h % STEP for h in horizons) or sorted(set(horizons)) != list(horizons):
        raise ValueError("horizons must be rising multiples of ten days")
    trust, day = belief.trust, belief.day
    members, camps = len(belief.cloud), len(belief.last)
    swing, errors = errors_of(belief, seed)
    ends = np.arange(-LOOK_BACK + STEP, horizons[-1] + STEP, STEP)
    found = belief.rates(np.maximum(day + ends - STEP // 2, 0))
    persons = np.repeat(belief.last[None], members, 0)
    since = np.where(belief.last > 0, belief.last_day, day)
    gap = np.minimum(day - since, LONGEST_GAP)
    ahead, kept = [], np.ones((members, camps))
    for k, end in enumerate(ends):
        part = np.clip((day + end - since) / STEP, 0.0, 1.0)
        lead = max(float(end) - STEP / 2.0, 0.0)
        going = trust.trend_share * np.exp(-lead / trust.damping_days)
        net = found.net(k, persons, belief.size * swing)
        persons = np.maximum(persons + STEP * part * going * net, 0.0)
        if end in horizons:
            number = list(horizons).index(int(end))
            since_last = int(end) - (horizons[number - 1] if number else 0)
            kept = kept * registered_anew(belief, since_last, seed, number)
            span = MONTH * ((end + gap) / MONTH) ** trust.scatter_power
            ahead.append(np.maximum(persons + errors * belief.scatter * span, 0.0) * kept)
    return np.stack(ahead)


def errors_of(belief: Belief, seed: int) -> tuple[Floats, Floats]:
    """Factor on all arrivals [member, 1]; errors of camps in typical ones [member, camp]."""
    members, camps = len(belief.cloud), len(belief.last)
    u, v = uniforms(seed, "arms-errors", members, camps, belief.day)
    common = stdtrit(belief.trust.tail, v[:, :1])
    swing = np.exp(np.clip(belief.trust.swing * common, -MOST_SWING, MOST_SWING))
    part = belief.trust.shared
    own = stdtrit(belief.trust.tail, u)
    return swing, np.sqrt(1.0 - part) * own + np.sqrt(part) * common


def registered_anew(belief: Belief, days: int, seed: int, which: int) -> Floats:
    """What new registrations within some days leave of each count [member, camp].

    `which` tells spans of one forecast apart.
    """
    chance = 1.0 - (1.0 - belief.trust.anew_chance) ** (days / MONTH)
    members, camps = len(belief.cloud), len(belief.last)
    u, v = uniforms(seed, f"arms-anew-{which}", members, camps, belief.day)
    return np.where(u < chance, np.exp(belief.trust.anew_size * np.log(v)), 1.0)
