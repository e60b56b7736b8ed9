"""Fits of invented worlds, shared by misspecified.py and liars.py: one JSON file per world."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
import xarray as xr
from refits import Refits

from nostoi.app.fitted import case_of_fit
from nostoi.base.phases import RULES
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.infer.fit import fit as run_fit
from nostoi.infer.linear import Linear
from nostoi.infer.model import target_of
from nostoi.infer.settings import Settings
from nostoi.study.doctor.chart import Chart, read_chart
from nostoi.study.doctor.conflicts import conflicts
from nostoi.study.doctor.publishers import around_mean, factors, publishers
from nostoi.study.doctor.unknowns import unknowns
from nostoi.study.worlds import Maker, case_of_world, parameters, worlds

PEOPLE, NODES = 20_000_000, 1000
"""Agents, and nodes of the network of rumours for each group and place: enough for what a small
border counts on one day not to be the noise of a sample."""

LEFT = (1e5, 5e6)
"""Departures since the event, by the cohort engine, of draws of the priors that become worlds."""

MASSES = (50, 80, 95)
SETTINGS = Settings(seed=1)
"""The default fit, compiled anew: a world's R-hat is kept beside its intervals."""

EDITION = 5
"""Raised when worlds are made or read in another way: those of another edition are made anew."""

SHARED_ON, LEARNED, READ = 60, 180, 240
"""Worlds of the sequence that are passed over, for something was learned on them: the shared error
on the first sixty (decision 042), the scatter of Serbia's stock up to 180 (044); the next sixty
were read by the edition before, whose figures lay in the middle of their ranges."""

MUTE = 100.0
"""Least true count that is scored: below it nothing is shown."""


@dataclass(frozen=True)
class Plan:
    """Which world to fit, and how.

    Attributes:
        number: of the world.
        wrong: publishers whose figures are off, by the factor.
        near: parameters are a draw of the flagship's fit, and not of the priors.
        chains: the default fit reads it, and not the quick one.
    """

    number: int
    wrong: Mapping[str, float]
    near: bool = False
    chains: bool = False

    @property
    def name(self) -> str:
        said = "-".join(f"{name}-{factor:.2f}" for name, factor in self.wrong.items())
        kind = "near" if self.near else "world"
        parts = (f"{kind}-{self.number:03d}", said, "chains" if self.chains else "")
        return "-".join(part for part in parts if part)


def seen_worlds(case: Case, n: int, after: int = 0) -> list[int]:
    """Numbers of n draws of the priors in which as many leave as `LEFT` says.

    The first ones but for those that are passed over with `after`: what was learned on some worlds
    is held against others.
    """
    target, maker = target_of(case), Maker(case, None, PEOPLE, contacts=NODES)
    event = target.model.world.event
    left = jax.jit(lambda values: target.record(values).leave[event:].sum())
    found: list[int] = []
    numbers = itertools.count()
    while len(found) < after + n:
        k = next(numbers)
        table = parameters(maker, target.model, target.panel, [k])
        if LEFT[0] <= left({name: value[0] for name, value in table.items()}) <= LEFT[1]:
            found.append(k)
    return found[after:]


def fitted(fit: Path, plans: Sequence[Plan], folder: Path) -> Iterator[tuple[Plan, dict[str, Any]]]:
    """Truth, intervals and named publishers of every plan; what is there already is kept."""
    mark = f"{case_of_fit(fit).hash} edition {EDITION}"
    lacking = [plan for plan in plans if not _kept(folder / f"{plan.name}.json", mark)]
    made = _made(fit, lacking, folder) if lacking else iter(())
    for done, plan in enumerate(plans):
        path = folder / f"{plan.name}.json"
        if plan in lacking:
            text = json.dumps({"case": mark} | next(made), sort_keys=True)
            path.write_text(text + "\n", encoding="utf-8")
        sys.stderr.write(f"\r{done + 1} of {len(plans)} worlds ")
        yield plan, json.loads(path.read_text(encoding="utf-8"))
    sys.stderr.write("\n")


def _kept(path: Path, mark: str) -> bool:
    """Whether a world of the case and edition is there; others are made anew."""
    return path.exists() and json.loads(path.read_text(encoding="utf-8"))["case"] == mark


def _made(fit: Path, plans: Sequence[Plan], folder: Path) -> Iterator[dict[str, Any]]:
    """Worlds made and read, in the order of the plans."""
    case = case_of_fit(fit)
    refits = Refits(case)
    made = {
        near: worlds(
            Maker(case, fit if near else None, PEOPLE, contacts=NODES),
            [plan.number for plan in plans if plan.near is near],
        )
        for near in (False, True)
    }
    for plan in plans:
        world, work = next(made[plan.near]), folder / f"{plan.name}-work"
        place = case_of_world(case, world, work / "case", plan.wrong)
        copy, rhat = load(place), None
        if plan.chains:
            rhat = run_fit(place, work / "fit", SETTINGS)["diagnostics"]["max_rhat"]
            chart = read_chart(copy, work / "fit")
            line = around_mean(copy, chart)
        else:
            line = refits.fit(copy, work / "fit", SETTINGS.seed)
            chart = read_chart(copy, work / "fit")
        draws = scored_draws(work / "fit")
        yield {
            "truth": dict(world.truth),
            "intervals": {name: _intervals(values) for name, values in draws.items()},
            "named": sorted(suspects(copy, chart, line)),
            "factors": factors(chart, line),
            "rhat": rhat,
        }
        shutil.rmtree(work)


def suspects(case: Case, chart: Chart, line: Linear) -> set[str]:
    """Publishers that the doctor's findings on conflicts between sources name (N651 to N655)."""
    by_name = {source.name: key for key, source in case.evidence.sources.items()}
    by_observer: dict[str, set[str]] = {}
    for row in case.evidence.rows:
        by_observer.setdefault(row.observer, set()).add(row.publisher)
    found: set[str] = set()
    for finding in (*conflicts(chart, unknowns(chart)), *publishers(chart, line)):
        words = [finding.where, *(str(fact) for fact in finding.facts.values())]
        said = [word.rpartition(" (")[0] or word for word in words] + words
        found |= {by_name[word] for word in said if word in by_name}
        for word in said:
            found |= by_observer.get(word, set()) if word else set()
    return found


def scored_draws(fit: Path) -> dict[str, Any]:
    """Draws of every quantity that a world knows the truth of."""
    with xr.open_dataset(fit / "posterior.nc", group="quantities", engine="h5netcdf") as opened:
        draws = {"left": opened["left_since_event"], "abroad": opened["abroad_end"].sel(rule="any")}
        draws |= {f"back {rule}": opened["returned_end"].sel(rule=rule) for rule in RULES}
        last = opened["stock_place"].isel(date=-1)
        draws |= {f"stock {place}": last.sel(place=place) for place in last["place"].values}
        return {name: np.ravel(values.values) for name, values in draws.items()}


def _intervals(values: Any) -> dict[str, list[float]]:
    """Median and equal-tailed intervals of draws."""
    return {str(mass): _interval(values, mass) for mass in (0, *MASSES)}


def _interval(values: Any, mass: int) -> list[float]:
    half = mass / 200
    return [round(float(q), 1) for q in np.quantile(values, (0.5 - half, 0.5 + half))]


def inside(found: Mapping[str, Any], name: str, mass: int) -> bool:
    """Whether the truth of a quantity lies inside its interval."""
    low, high = found["intervals"][name][str(mass)]
    return bool(low <= found["truth"][name] <= high)


def scored(found: Mapping[str, Any], name: str) -> bool:
    """Whether a true count is large enough to be scored."""
    return bool(found["truth"][name] >= MUTE)
