"""Score: forecasts of vintages against figures that came later, and against three rivals.

All forecasters are judged on the same figures. A figure that a rival cannot forecast, for want of a
history, is left out for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.base import scores
from nostoi.base.streams import seed_word, stream
from nostoi.case.case import Case
from nostoi.case.vintage import as_of
from nostoi.study.rivals import RIVALS
from nostoi.study.vintages import Target, predict, targets_of

Floats = Any
OWN = "nostoi"
LEVELS = scores.HUB
LOW, HIGH = 0.1, 0.9
RIVAL_DRAWS = 2000


@dataclass(frozen=True)
class Guess:
    """What one forecaster said of one figure, as draws, [draw]; natural units of the row."""

    day: date
    target: Target
    who: str
    draws: Floats

    def quantiles(self) -> Floats:
        """5, 25, 50, 75 and 95 % points."""
        return np.quantile(self.draws, (0.05, 0.25, 0.5, 0.75, 0.95))


@dataclass(frozen=True)
class Mark:
    """The mean scores of one forecaster over some figures.

    Attributes:
        who: the forecaster.
        figures: how many figures.
        wis, crps: in the unit of the figures; of logs: `wis_log`, `crps_log`.
        coverage: share of figures inside the 80 % interval.
        bias: share of draws above the figure less the share below, mean.
    """

    who: str
    figures: int
    wis: float
    crps: float
    wis_log: float
    crps_log: float
    coverage: float
    bias: float


def guesses(
    case: Case, days: Sequence[date], fit_of: Callable[[date], Path], draws: int, seed: int
) -> list[Guess]:
    """What the fits of all vintages and their rivals say of later figures.

    Args:
        case: the case with all that was published.
        days: days of the vintages.
        fit_of: folder of the fit as of a day.
        draws: draws of each fit.
        seed: of all noise.
    """
    made: list[Guess] = []
    for day in days:
        targets = targets_of(case, day)
        if not targets:
            continue
        rows = [target.row for target in targets]
        own = predict(as_of(case, day), fit_of(day), rows, draws, seed)
        for k, target in enumerate(targets):
            made.append(Guess(day, target, OWN, np.maximum(own[:, k], 0.0)))
            made += _rival_guesses(day, target, seed)
    return made


def _rival_guesses(day: date, target: Target, seed: int) -> list[Guess]:
    """The three rivals on one figure; each has random numbers of its own."""
    ahead = (target.row.period_end - day).days
    made = []
    for name, rival in RIVALS.items():
        words = [int(seed_word(seed)), int(stream(name)), int(stream(target.row.id)),
                 day.toordinal()]  # fmt: skip
        logs = rival(target.series, float(ahead), np.random.default_rng(words), RIVAL_DRAWS)
        made.append(Guess(day, target, name, target.factor * np.exp(np.clip(logs, -20, 25))))
    return made


def mark(who: str, made: Sequence[Guess]) -> Mark:
    """Mean scores of one forecaster."""
    mine = [guess for guess in made if guess.who == who]
    came = np.array([guess.target.row.value for guess in mine])
    quantiles = np.array([np.quantile(guess.draws, LEVELS) for guess in mine]).T
    logs = np.log1p(quantiles)
    low, high = (np.array([np.quantile(guess.draws, level) for guess in mine])
                 for level in (LOW, HIGH))  # fmt: skip
    lean = [float(scores.bias(guess.draws, guess.target.row.value)) for guess in mine]
    return Mark(
        who=who,
        figures=len(mine),
        wis=float(scores.wis(LEVELS, quantiles, came).mean()),
        crps=float(scores.crps_of_quantiles(LEVELS, quantiles, came).mean()),
        wis_log=float(scores.wis_of_logs(LEVELS, quantiles, came).mean()),
        crps_log=float(scores.crps_of_quantiles(LEVELS, logs, np.log1p(came)).mean()),
        coverage=scores.covered(low, high, came),
        bias=float(np.mean(lean)),
    )


def marks(made: Sequence[Guess]) -> tuple[Mark, ...]:
    """Mean scores of all forecasters, our own first."""
    return tuple(mark(who, made) for who in (OWN, *RIVALS)) if made else ()


def ratios(found: Sequence[Mark]) -> Mapping[str, tuple[float, float]]:
    """Our mean WIS over that of each rival, of logs and in natural units."""
    own = next(one for one in found if one.who == OWN)
    return {
        one.who: (own.wis_log / max(one.wis_log, 1e-12), own.wis / max(one.wis, 1e-12))
        for one in found
        if one.who != OWN
    }
