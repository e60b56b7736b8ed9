"""The arms of one case, run together: what is said, what came, and how each did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import ard, rescaled_ard
from nostoi.case.case import Case
from nostoi.case.space import space_of
from nostoi.infer.ensemble import MEMBERS
from nostoi.rules.hop.params import learned_numbers
from nostoi.study.arms.ground import Ground, ground_of
from nostoi.study.arms.judge import Mark, Round, marks, rounds
from nostoi.study.arms.nopeek import FIRST_ISSUE, Shared, monthly, no_peeking
from nostoi.study.arms.onelook import Look, Split, one_look
from nostoi.study.arms.reports import Reports, reports_of, total_of
from nostoi.study.arms.rivals import by_capacity, held, lagged, last_known
from nostoi.study.arms.trust import Trust, shipped
from nostoi.study.arms.widening import Widening, shipped_widening
from nostoi.study.camps import ground_of as fleeing
from nostoi.study.camps import reproduce

Floats = NDArray[np.float64]

ARMS = ("reproduce", "no-peeking", "forecast")
TAUGHT = "seven public conflicts (`rules/hop/params.csv`)"
REPLICAS = 5
LEAST_DAYS = 60
"""A case shorter than this has nothing to be forecast and held against."""


@dataclass(frozen=True)
class Data:
    """What the arms read of a case, and what they are held against.

    Attributes:
        case: the case.
        reports, ground: counts by the day on which they came out; roads and news.
        labels: names of the camps for a reader.
        capacity: as stated, for the rival that splits by it; 1 for a camp without [camp].
        total: persons in all camps in hindsight [day].
    """

    case: Case
    reports: Reports
    ground: Ground
    labels: tuple[str, ...]
    capacity: Floats
    total: Floats

    def date(self, day: int) -> str:
        """The date of a day, as ISO text."""
        return (self.reports.start + dt.timedelta(days=int(day))).isoformat()


@dataclass(frozen=True)
class Error:
    """Errors of camp counts after day 30 of one way to know them: as they are, and of shares."""

    name: str
    sees: str
    ard: float
    rescaled: float


@dataclass(frozen=True)
class Arms:
    """What was run. Parts that were not asked for are empty.

    Attributes:
        reproduced: counts by Flee's rule and inputs, from day 0 [replica, day, camp].
        shared: "once", "day-30" and "monthly" -> counts of the arm without peeking.
        errors: of that arm and its rivals, on the counts in hindsight.
        made: the forecasts, one round for each month's end.
        scores: of the forecasts and their rivals.
    """

    data: Data
    reproduced: Floats | None = None
    shared: Mapping[str, Shared] = field(default_factory=dict)
    errors: tuple[Error, ...] = ()
    made: tuple[Round, ...] = ()
    scores: tuple[Mark, ...] = ()


def data_of(case: Case, hindsight: bool = False) -> Data:
    """What the arms read of a case.

    Args:
        case: the case.
        hindsight: as if all new registrations had been known from the start; for comparison only.

    Raises:
        NostoiError: N304 if the case has no sites.
    """
    space, reports = space_of(case), reports_of(case)
    stated = space.capacity[space.camps]
    return Data(
        case=case,
        reports=reports.recounted() if hindsight else reports,
        ground=ground_of(case),
        labels=tuple(space.labels[k] for k in space.camps),
        capacity=stated if (stated > 0).all() else np.where(stated > 0, stated, 1.0),
        total=total_of(case),
    )


def run_arms(
    data: Data,
    arms: tuple[str, ...] = ARMS,
    trust: Trust | None = None,
    members: int = MEMBERS,
    seed: int = 1,
    split: Split | None = None,
    widening: Widening | None = None,
) -> Arms:
    """Run the honest arms of a case.

    Args:
        data: of the case.
        arms: of `ARMS`.
        trust: what is believed before the case is seen; the shipped numbers by default.
        members: size of the clouds.
        seed: of all draws; same seed, same bytes.
        split: how newcomers are split after a single look; the shipped one by default.
        widening: of the intervals of the sum of the camps; the shipped one by default.

    Raises:
        ValueError: if the case is too short to be forecast.
    """
    if data.reports.days < LEAST_DAYS or not data.reports.camps:
        raise ValueError(f"the arms need a camp and {LEAST_DAYS} days")
    believed = trust or shipped()
    found = Arms(data)
    if "reproduce" in arms:
        found = _reproduced(found, seed)
    if "no-peeking" in arms:
        found = _without_peeking(found, believed, members, seed, split)
    if "forecast" in arms:
        made = rounds(
            data.ground, data.reports, believed, data.capacity, members=members, seed=seed,
            widening=widening or shipped_widening(),
        )  # fmt: skip
        scores = marks(made, data.reports.of_the_day())
        found = replace(found, made=made, scores=scores)
    return found


def _without_peeking(
    found: Arms, trust: Trust, members: int, seed: int, split: Split | None
) -> Arms:
    """The arm without peeking, all ways to issue, with its rivals."""
    data = found.data
    given = (data.ground, data.reports, data.total, trust)
    alike = data.reports.in_hindsight()[FIRST_ISSUE]
    shared = {
        "once": one_look(*given, Look(FIRST_ISSUE, split), members, seed),
        "day-30": one_look(*given, Look(FIRST_ISSUE, split, alike), members, seed),
        "monthly": no_peeking(*given, monthly(data.reports), members, seed),
    }
    return replace(found, shared=shared, errors=(*found.errors, *errors_of(data, shared)))


def _reproduced(found: Arms, seed: int) -> Arms:
    """Flee's rule with Flee's inputs, capacities included; then with the numbers learned."""
    persons = _fleeing(found.data, seed, {})
    learned = _fleeing(found.data, seed, learned_numbers())
    sees = "capacities as stated, the total and its splits among camps on day 0"
    errors = (
        _error(found.data, "reproduce", sees, persons),
        _error(found.data, "learned", f"the same, with numbers of {TAUGHT}", learned),
    )
    return replace(found, reproduced=persons, errors=errors)


def _fleeing(data: Data, seed: int, own: Mapping[str, float]) -> Floats:
    """Persons in the camps of a few runs hop by hop, [replica, day, camp]."""
    ground = fleeing(data.case, own=own)
    runs = [reproduce(ground, seed + k)[0] for k in range(REPLICAS)]
    return np.stack([run.persons[:, ground.counts.camps] for run in runs]).astype(float)


def _error(data: Data, name: str, sees: str, persons: Floats) -> Error:
    """Mean errors of runs after day 30."""
    came = data.reports.in_hindsight()[FIRST_ISSUE + 1 :]
    some = came.sum(1) > 0
    said = [one[FIRST_ISSUE + 1 :][some] for one in persons]
    return Error(
        name,
        sees,
        float(np.mean([ard(one, came[some]) for one in said])),
        float(np.mean([rescaled_ard(one, came[some]) for one in said])),
    )


def errors_of(data: Data, shared: Mapping[str, Shared]) -> tuple[Error, ...]:
    """Errors of the arm and of its rivals on all days after day 30 that hold anybody."""
    truth = data.reports.in_hindsight()
    after = slice(FIRST_ISSUE + 1, None)
    tables: list[tuple[str, str, Floats]] = [
        ("once", "reports out by day 30, the total by the day", shared["once"].median),
        ("day-30", "the counts of day 30 that share30 reads, the total by the day",
         shared["day-30"].median),
        ("monthly", "reports out by the last month's end, the total by the day",
         shared["monthly"].median),
        ("last reports", "the same as monthly", last_reports(data)),
        ("share30", "the series in hindsight to day 30 and the next report",
         held(truth, FIRST_ISSUE)[after]),
        ("lag30", "the series in hindsight to 30 days before and the next report",
         lagged(truth, FIRST_ISSUE)[after]),
        ("capacity", "capacities as stated: in Flee's public cases the maxima of the series",
         by_capacity(truth, data.capacity)[after]),
    ]  # fmt: skip
    found = []
    for name, sees, table in tables:
        there = np.isfinite(table).all(1) & (truth[after].sum(1) > 0)
        came = truth[after][there]
        if len(came):
            said = table[there]
            found.append(Error(name, sees, ard(said, came), rescaled_ard(said, came)))
    return tuple(found)


def last_reports(data: Data) -> Floats:
    """The known total in the shares of the last reports out by the last issue [day, camp]."""
    issues = np.array(monthly(data.reports))
    rows = []
    for day in range(FIRST_ISSUE + 1, data.reports.days):
        last = last_known(data.reports, int(issues[issues < day][-1]))
        whole = last.sum()
        shares = last / whole if whole > 0 else np.full(len(last), 1.0 / len(last))
        rows.append(data.total[day] * shares)
    return np.array(rows)
