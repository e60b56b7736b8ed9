"""People on the roads of the flagship: days of waiting at Verkhny Lars, and ways without a gap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nostoi.case.build import savings_of
from nostoi.case.load import load
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.engine.agents.whereabouts import Steps, Whereabouts
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.infer.drive import prior_medians

FOLDER = Path(__file__).parents[2] / "cases" / "russia-2022"
PEOPLE, APPEAL = 2_000_000, 1.5
"""Georgia draws 1.5 prior standard deviations more than in the middle of the prior, so that the
wave has the size of the counted one; the wait itself is not used."""


@dataclass
class Wave:
    """A run until October 2022, and who stood in the queue at Lars for how many evenings."""

    roads: Roads
    run: AgentRun
    lars: int
    first: dict[int, int] = field(default_factory=dict)
    evenings: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    gaps: int = 0

    def day(self, month: int, day: int) -> int:
        return (date(2022, month, day) - self.roads.network.start).days


@pytest.fixture(scope="module")
def wave() -> Wave:
    case = load(FOLDER)
    case = replace(case, spec=case.spec.model_copy(update={"end": date(2022, 10, 20)}))
    own = model_of(case)
    model, values, roads = daily(case, own), prior_medians(own), roads_of(case)
    assert roads is not None
    values["attraction"] = values["attraction"].copy()
    values["attraction"][model.world.hosts.index("GEO")] += APPEAL
    towns, legs = roads.network.towns, roads.network.legs
    found = Wave(roads, None, roads.network.gates.town.tolist().index(towns.index("verkhny-lars")))  # type: ignore[arg-type]
    place: dict[int, tuple[int, float]] = {}

    def follow(day: int, where: Whereabouts, steps: Steps) -> None:
        for row in np.flatnonzero(where.gate == found.lars).tolist():
            found.first.setdefault(row, day)
            found.evenings[row] += 1
        for row, leg, start in zip(*(part.tolist() for part in steps), strict=True):
            town, ready = place.get(row, (int(where.home[row]), 0.0))
            found.gaps += int(legs.start[leg] != town or start < ready)
            place[row] = int(legs.end[leg]), start + float(legs.days[leg])

    found.run = run(
        model, values, Settings(0, PEOPLE), ladder=savings_of(case, RUNGS), roads=roads,
        follow=follow,
    )  # fmt: skip
    return found


def test_the_wave_has_the_size_of_the_counted_one(wave: Wave) -> None:
    """56,742 entered Georgia in the six days from the 21st (RU22-0246 less four days at 5,500)."""
    legs, towns = wave.roads.network.legs, wave.roads.network.towns
    geo = wave.run.record.leave_to[wave.day(9, 21) : wave.day(9, 27), 1].sum()
    assert towns.places[2] == "GEO"
    assert geo == pytest.approx(56_742, rel=0.2)
    assert wave.run.trips is not None
    over_land = legs.start == towns.index("verkhny-lars")
    assert wave.run.trips.legs[over_land].sum() > 0


def test_people_wait_for_days_at_lars(wave: Wave) -> None:
    """Four to five days at the end of September (RU22-0295, RU22-0300), none a week before."""
    trips = wave.run.trips
    assert trips is not None
    wait = trips.wait[:, wave.lars]
    assert (wait[: wave.day(9, 21)] == 0).all()
    assert wait[wave.day(9, 23)] * 24 < 43
    assert 3.5 <= wait[wave.day(9, 28)] <= 5.5
    assert 3.5 <= wait[wave.day(9, 29)] <= 5.5
    joined = [n for row, n in wave.evenings.items() if wave.first[row] == wave.day(9, 28)]
    assert len(joined) > 30
    assert 3 <= np.median(joined) <= 6
    assert trips.queue[wave.day(10, 19), wave.lars] == 0


def test_ways_have_no_gaps(wave: Wave) -> None:
    """Each leg begins where the person was, and not before the leg before it has ended."""
    assert wave.run.trips is not None
    assert wave.run.trips.legs.sum() > 10_000
    assert wave.gaps == 0
    assert wave.run.trips.unmapped.sum() == 0
