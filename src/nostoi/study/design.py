"""Design: which measurement would tell most about a quantity, before anybody pays for it.

The draws of a fit say what each candidate would show and what the quantity is. If the measurement
were made and showed y, the draws would be weighted by how well they explain y; how far the variance
of the quantity shrinks, averaged over what y may be, is the expected cut. Beside it stands the cut
if all were linear and normal. Many draws must keep weight (effective draws), or the first is noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.candidates import Border, Candidate, Candidates, Permits, Poll, Survey, Wanted
from nostoi.case.case import Case
from nostoi.observe.shared import SHARED

Floats = NDArray[np.float64]
NEEDS = (
    "returned_rule", "stock_rule", "stock_place", "arrivals_place", "home_place", "belief_home",
)  # fmt: skip
TRIES = 400
"""Measurements simulated for the expected cut of one candidate."""

GOOD_ESS = 50.0
"""Effective draws below which a weighted variance is not trusted."""

LOGIT = "logit"
LOG = "log"


@dataclass(frozen=True)
class Signal:
    """What a candidate would show, draw by draw.

    Attributes:
        mean: on its scale, without error, [draw].
        sd: of its error on that scale, [draw].
        scale: logit (shares) or log (counts).
        trials: people asked over the design effect; 0 for counts.
        frame: sd of the part of the error that more people do not cure.
    """

    mean: Floats
    sd: Floats
    scale: str
    trials: float
    frame: float


@dataclass(frozen=True)
class Verdict:
    """What a candidate is worth.

    Attributes:
        candidate: the candidate.
        cut: expected share of the variance that goes, by weighted draws.
        error: its Monte-Carlo standard error.
        linear: the same if all were linear and normal.
        effective: effective draws behind a weighted variance, median over tries.
    """

    candidate: Candidate
    cut: float
    error: float
    linear: float
    effective: float

    @property
    def per_cost(self) -> float:
        """Cut per cost unit."""
        return self.cut / self.candidate.cost

    @property
    def sure(self) -> bool:
        """Whether enough draws keep weight."""
        return self.effective >= GOOD_ESS


def read_quantities(fit: Path, case_hash: str) -> xr.Dataset:
    """The group `quantities` of a fit with the error that counts share, one axis for all draws.

    Raises:
        NostoiError: N512 when the folder holds no finished fit of this case.
    """
    import json

    path = fit / "posterior.nc"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        with xr.open_dataset(path, group="quantities", engine="h5netcdf") as opened:
            found = opened[list(NEEDS)].load()
        with xr.open_dataset(path, group="posterior", engine="h5netcdf") as opened:
            if SHARED in opened:
                found[SHARED] = opened[SHARED].load()
    except (OSError, ValueError, KeyError) as error:
        what, do = f"the fit cannot be read: {error}", "finish the fit with `nostoi fit`"
        raise NostoiError(Finding(512, what, file=str(path), do=do)) from error
    if meta.get("case_hash") != case_hash:
        what = "the fit is of another case, or of an older state of it"
        raise NostoiError(Finding(512, what, file=str(path), do="fit the case again"))
    return found.stack(sample=("chain", "draw"), create_index=False)


def evaluate(
    case: Case, quantities: xr.Dataset, asked: Candidates, seed: int
) -> tuple[Verdict, ...]:
    """All candidates, the one with the largest cut per cost unit first."""
    wanted = quantity_of(quantities, asked.quantity)
    found = [
        judge(one, wanted, signal_of(case, quantities, one), np.random.default_rng([seed, k]))
        for k, one in enumerate(asked.candidates)
    ]
    return tuple(sorted(found, key=lambda verdict: -verdict.per_cost))


def quantity_of(quantities: xr.Dataset, wanted: Wanted) -> Floats:
    """The quantity wanted, [draw]; persons, or a share 0..1."""
    now = quantities.sel(date=np.datetime64(wanted.date), method="nearest")
    back, away = (
        _draws(now[name].sel(rule=wanted.rule)) for name in ("returned_rule", "stock_rule")
    )
    if wanted.what == "returned":
        return back
    if wanted.what == "returned_share":
        return np.asarray(back / np.maximum(back + away, 1.0))
    return away if wanted.place is None else _draws(now["stock_place"].sel(place=wanted.place))


def signal_of(case: Case, quantities: xr.Dataset, one: Candidate) -> Signal:
    """What a candidate would show."""
    if isinstance(one, Survey):
        return _asked(_survey_share(case, quantities, one), one)
    if isinstance(one, Poll):
        now = quantities["belief_home"].sel(date=np.datetime64(one.date), method="nearest")
        names = [one.group] if one.group else list(case.groups)
        weight = np.array([case.groups[name].persons for name in names])
        by_group = now.sel(group=names).transpose("sample", "group").values
        return _asked(np.asarray(by_group, float) @ (weight / weight.sum()), one)
    if isinstance(one, Border):
        name = "arrivals_place" if one.direction == "in" else "home_place"
        flow = quantities[name].sel(place=one.place)
        inside = _period(quantities, one.start, one.end)
        counted = np.asarray(flow.transpose("sample", "date").values, float) @ inside
    else:
        assert isinstance(one, Permits)  # noqa: S101 - tells the type checker what is left
        now = quantities["stock_place"].sel(date=np.datetime64(one.date), method="nearest")
        counted = _draws(now.sel(place=one.place))
    if SHARED in quantities:
        counted = counted * _draws(quantities[SHARED])
    sd = float(np.hypot(one.coverage_sd, one.noise))
    return Signal(np.log(np.maximum(counted, 1.0)), np.full(counted.shape, sd), LOG, 0.0, sd)


def _draws(values: xr.DataArray) -> Floats:
    return np.asarray(values.values, float).ravel()


def _survey_share(case: Case, quantities: xr.Dataset, one: Survey) -> Floats:
    """The share that a survey asks for, [draw]."""
    now = quantities.sel(date=np.datetime64(one.date), method="nearest")
    back, away = (_draws(now[name].sel(rule=one.rule)) for name in ("returned_rule", "stock_rule"))
    if one.question == "returned":
        return np.asarray(back / np.maximum(back + away, 1.0))
    persons = sum(group.persons for group in case.groups.values())
    at_home = np.maximum(persons - _draws(now["stock_rule"].sel(rule="any")), 1.0)
    return np.asarray(back / at_home)


def _asked(share: Floats, one: Survey | Poll) -> Signal:
    """A share asked of people, on the log-odds scale, with sampling and frame."""
    p = np.clip(share, 1e-7, 1 - 1e-7)
    trials = one.n / one.design_effect
    sampling = 1.0 / (trials * p * (1.0 - p) + 0.5)
    return Signal(
        np.log(p / (1.0 - p)), np.sqrt(sampling + one.frame_sd**2), LOGIT, trials, one.frame_sd
    )


def _period(quantities: xr.Dataset, start: date, end: date) -> Floats:
    """Share of each week of the file that lies in a period, [date]."""
    last = np.array(quantities["date"].values, "datetime64[D]").astype(int)
    first = np.concatenate([[last[0] - 6], last[:-1] + 1])
    low, high = (int(np.datetime64(day, "D").astype(int)) for day in (start, end))
    days = np.minimum(last, high) - np.maximum(first, low) + 1
    return np.asarray(np.clip(days, 0, None) / (last - first + 1))


def simulate(signal: Signal, truth: int, rng: np.random.Generator) -> float:
    """A figure that the measurement could show if draw `truth` were the world.

    People who are asked answer one by one; the error of the frame is common to them.
    """
    mean = signal.mean[truth] + signal.frame * rng.standard_normal()
    if signal.scale == LOG:
        return float(mean)
    trials = max(round(signal.trials), 1)
    yes = rng.binomial(trials, 1.0 / (1.0 + np.exp(-mean)))
    return float(np.log((yes + 0.5) / (trials - yes + 0.5)))


def weights_of(signal: Signal, figure: float, left_out: int | None = None) -> Floats:
    """Weights of all draws once a figure is known, [draw]; they add up to 1."""
    log = -0.5 * ((figure - signal.mean) / signal.sd) ** 2 - np.log(signal.sd)
    if left_out is not None:
        log[left_out] = -np.inf
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def remaining(wanted: Floats, weights: Floats) -> float:
    """Variance of the quantity under weights, over that without."""
    mean = weights @ wanted
    return float(weights @ (wanted - mean) ** 2 / np.var(wanted))


def judge(one: Candidate, wanted: Floats, signal: Signal, rng: np.random.Generator) -> Verdict:
    """The expected cut of one candidate; both [draw] arrays have the same order."""
    truths = rng.integers(len(wanted), size=TRIES)
    left, effective = np.zeros(TRIES), np.zeros(TRIES)
    for k, truth in enumerate(truths):
        weights = weights_of(signal, simulate(signal, int(truth), rng), int(truth))
        left[k], effective[k] = remaining(wanted, weights), 1.0 / (weights @ weights)
    error = float(left.std(ddof=1) / np.sqrt(TRIES))
    return Verdict(
        one,
        1.0 - float(left.mean()),
        error,
        linear_cut(wanted, signal),
        float(np.median(effective)),
    )


def linear_cut(wanted: Floats, signal: Signal) -> float:
    """Share of the variance that goes if quantity and figure are jointly normal."""
    shared = float(np.cov(wanted, signal.mean)[0, 1])
    figure = float(np.var(signal.mean) + np.mean(signal.sd**2))
    whole = float(np.var(wanted)) * figure
    return shared**2 / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class Check:
    """Expected against realised cut of a candidate.

    Attributes:
        expected: from one half of the draws.
        realised: mean over the replications, with truths from the other half.
        error: standard error of that mean.
        effective: effective draws behind each realised variance, [replication].
    """

    expected: float
    realised: float
    error: float
    effective: Floats


def check(one: Candidate, wanted: Floats, signal: Signal, replications: int, seed: int) -> Check:
    """Makes the measurement in worlds that had no part in the expected cut.

    The draws are split: one half gives the expected cut and plays the fit; in each replication a
    draw of the other half is the true world, the measurement is simulated in it, and the first
    half is weighted by it. Weighting stands for a new fit only while many draws keep weight.
    """
    rng = np.random.default_rng([seed, 77])
    order = rng.permutation(len(wanted))
    mine, other = np.sort(order[::2]), np.sort(order[1::2])
    half = Signal(signal.mean[mine], signal.sd[mine], signal.scale, signal.trials, signal.frame)
    expected = judge(one, wanted[mine], half, rng).cut
    left, effective = np.zeros(replications), np.zeros(replications)
    for k, truth in enumerate(rng.choice(other, replications, replace=False)):
        weights = weights_of(half, simulate(signal, int(truth), rng))
        left[k], effective[k] = remaining(wanted[mine], weights), 1.0 / (weights @ weights)
    error = float(left.std(ddof=1) / np.sqrt(replications))
    return Check(expected, 1.0 - float(left.mean()), error, effective)
