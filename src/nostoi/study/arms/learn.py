"""What the reports of a case say about its flows: ensemble Kalman inversion, prior to posterior.

A datum is the net flow of one camp between two of its reports. Old ones count less: their error
grows with age, so that the cloud is about now. Flows are compared on a scale that is linear for
a few persons a day and logarithmic for many, with a sign (asinh); what is few is told by how much
the flows of that camp have surprised so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.infer.ensemble import MEMBERS, invert
from nostoi.study.arms.flow import Rates, Switches, prior, rates
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.reports import Course, Reports
from nostoi.study.arms.trust import Trust

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_DAYS = 10
"""Reports closer than this are taken together."""
OLD = 4.0
"""Reports older than so many memories are left out."""
LEAST_PERSONS = 1000.0
"""Size of a case before anything is known."""
ALL_ON = Switches()


@dataclass(frozen=True)
class Flows:
    """Net flows between reports [datum]: camp, first and last day, persons before, per day.

    `first` marks a camp's first report after an empty start, whose date of arrival is unknown.
    """

    camp: Ints
    start: Ints
    end: Ints
    before: Floats
    per_day: Floats
    first: NDArray[np.bool_]

    @property
    def middle(self) -> Ints:
        """Day in the middle."""
        return (self.start + self.end) // 2

    def since(self, day: int) -> Flows:
        """Those whose middle is not before a day."""
        keep = self.middle >= day
        return Flows(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Belief:
    """What is believed on a day.

    Attributes:
        ground: roads and news of the case.
        day: day of the reader.
        cloud: parameters [member, parameter].
        last: last count of each camp, in the registration of the day [camp].
        last_day: day of that count, 0 where there is none [camp].
        size: persons in all camps by those counts, at least 1,000.
        scatter: typical error of a camp's net flow, persons a day [camp].
        trust, switches: as learned with.
        powers: steps that the inversion took.
    """

    ground: Ground
    day: int
    cloud: Floats
    last: Floats
    last_day: Ints
    size: float
    scatter: Floats
    trust: Trust
    switches: Switches
    powers: tuple[float, ...]

    def rates(self, days: Ints, known: int | None = None) -> Rates:
        """Shares, arrivals and returns on some days; news up to `known`, else up to the day."""
        until = self.day if known is None else known
        return rates(self.ground, self.cloud, days, until, self.switches)


def learn(
    ground: Ground,
    reports: Reports,
    day: int,
    trust: Trust,
    switches: Switches = ALL_ON,
    members: int = MEMBERS,
    seed: int = 1,
) -> Belief:
    """What a reader of one day believes; later rows and later news cannot change it.

    Raises:
        ValueError: if the day lies outside the case.
    """
    if not 0 <= day < ground.days:
        raise ValueError(f"day {day} lies outside the {ground.days} days of the case")
    known = reports.as_of(day)
    last = np.array([c.persons[-1] if len(c.days) else 0.0 for c in known])
    size = max(float(last.sum()), LEAST_PERSONS)
    every = flows_of(known)
    scatter = scatter_of(every, day, last, size, trust, switches.flows)
    flows = every.since(int(day - OLD * trust.memory_days))
    cloud = prior(trust, len(last), members, seed)
    weight = np.exp(-(day - flows.middle) / (2.0 * trust.memory_days))
    noise = trust.flow_sd / weight * np.where(flows.first, trust.first_sd, 1.0)
    unit = trust.unit * scatter[flows.camp]
    days, at = np.unique(flows.middle, return_inverse=True)

    def net(parameters: Floats) -> Floats:
        found = rates(ground, parameters, days, day, switches)
        here = found.share[:, at, flows.camp] * found.arrivals[:, at] * size
        return np.asarray(here - found.back[:, flows.camp] * flows.before)

    found = invert(
        lambda parameters: np.arcsinh(net(parameters) / unit),
        cloud,
        np.arcsinh(flows.per_day / unit),
        noise,
        seed * 100_003 + day,
    )
    when = np.array([max(c.days[-1], 0) if len(c.days) else 0 for c in known], np.int64)
    return Belief(
        ground, day, found.members, last, when, size, scatter, trust, switches, found.powers
    )


def flows_of(known: tuple[Course, ...]) -> Flows:
    """Net flows between reports at least ten days apart, counted back from the last one."""
    rows: list[tuple[int, int, int, float, float, bool]] = []
    for camp, course in enumerate(known):
        later = len(course.days) - 1
        while later > 0:
            gap = course.days[later] - course.days[:later]
            enough = np.flatnonzero(gap >= LEAST_DAYS)
            earlier = int(enough[-1]) if len(enough) else 0
            before, after = float(course.persons[earlier]), float(course.persons[later])
            span = int(course.days[later] - course.days[earlier])
            if span > 0 and (before > 0 or after > 0):
                first = before == 0 and not course.persons[: earlier + 1].any()
                start, end = int(course.days[earlier]), int(course.days[later])
                rows.append((camp, start, end, before, (after - before) / span, first))
            later = earlier
    column = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in range(6)]
    return Flows(
        camp=np.array(column[0], np.int64),
        start=np.array(column[1], np.int64),
        end=np.array(column[2], np.int64),
        before=np.array(column[3], float),
        per_day=np.array(column[4], float),
        first=np.array(column[5], np.bool_),
    )


def scatter_of(
    flows: Flows, day: int, last: Floats, size: float, trust: Trust, trends: bool
) -> Floats:
    """Typical error of each camp's net flow, persons a day [camp], from how flows surprised.

    A surprise is how far a flow lay from the one before it in its camp (from none, where trends
    are not believed in). What is usual elsewhere gives way to what is usual in this conflict, and
    that to the camp's own history, as history grows.
    """
    usual = trust.scatter_rate * size * ((last + 0.01 * size) / size) ** trust.scatter_own
    surprise = np.abs(flows.per_day - (trust.trend_share * _before(flows) if trends else 0.0))
    months = np.minimum((flows.end - flows.start) / 30.0, 1.0) * ~flows.first
    months = months * np.exp(-(day - flows.middle) / trust.scatter_memory)
    weight = trust.scatter_weight
    # Means of roots: a single great surprise belongs to the tail and not to what is typical.
    ratio = months @ np.sqrt(surprise / usual[flows.camp])
    here = np.sqrt(usual) * (weight + ratio) / (weight + months.sum())
    own = np.bincount(flows.camp, months * np.sqrt(surprise), len(last))
    long = np.bincount(flows.camp, months, len(last))
    return np.asarray(((weight * here + own) / (weight + long)) ** 2)


def _before(flows: Flows) -> Floats:
    """The flow before each in the same camp; 0 where there is none."""
    found = np.zeros(len(flows.camp))
    for camp in np.unique(flows.camp):
        own = np.flatnonzero(flows.camp == camp)
        own = own[np.argsort(flows.end[own])]
        found[own[1:]] = np.where(flows.first[own[:-1]], 0.0, flows.per_day[own[:-1]])
    return found
