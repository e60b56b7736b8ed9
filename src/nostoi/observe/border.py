"""Border posts: crossings are not persons.

Counts hold the moves of the case and the traffic that was always there (tourists, traders,
visa runs). Both directions share that traffic; exits follow entries by a visitor's stay.
"""

from __future__ import annotations

from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.record import Record
from nostoi.case.ledger import CrossingSpec, Observation, TripsSpec
from nostoi.observe.observer import (
    Observer,
    Values,
    log_param,
    plain_param,
    share_param,
)

Array = Any
YEAR = 365.25


def seasons(days: Floats, harmonics: int) -> Floats:
    """Cosine and sine columns of the year for each day number; [day, 2 x harmonics]."""
    angle = 2.0 * np.pi * np.asarray(days)[:, None] / YEAR
    waves = [f(k * angle) for k in range(1, harmonics + 1) for f in (np.cos, np.sin)]
    return np.concatenate(waves, axis=1) if waves else np.zeros((len(days), 0))


class Traffic:
    """Ordinary traffic over one border: level, growth and season, persons per day each way."""

    def __init__(self, name: str, spec: CrossingSpec, clock: Clock) -> None:
        """Traffic of the crossing observer `name`."""
        self.name, self.spec, self.clock = name, spec, clock
        self.years = clock.mids / YEAR - 1.0
        self.waves = seasons(clock.mids + clock.start.timetuple().tm_yday, spec.season)
        back = clock.mids - spec.stay
        self.years_out = back / YEAR - 1.0
        self.waves_out = seasons(back + clock.start.timetuple().tm_yday, spec.season)
        meaning = "Ordinary traffic a day each way in mid-case"
        found = [log_param(f"{name}.level", spec.baseline, 0.4, "persons per day", meaning)]
        found.append(
            plain_param(f"{name}.growth", spec.growth, 0.3, "log per year", "Growth of traffic")
        )
        for i in range(2 * spec.season):
            found.append(
                plain_param(f"{name}.season{i}", 0.0, 0.25, "log", "Season of ordinary traffic")
            )
        self.params = tuple(found)

    def per_step(self, p: Values, out: bool = False) -> Array:
        """Ordinary traffic of each step, persons; [step]."""
        years, waves = (self.years_out, self.waves_out) if out else (self.years, self.waves)
        logs = p[f"{self.name}.growth"] * years
        for i in range(waves.shape[1]):
            logs = logs + p[f"{self.name}.season{i}"] * waves[:, i]
        return p[f"{self.name}.level"] * jnp.exp(logs) * self.clock.lengths


@final
class BorderCount(Observer):
    """Entries, exits and balances of a host's border."""

    family = "crossing"

    def __init__(
        self,
        name: str,
        spec: CrossingSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        host: int,
    ) -> None:
        """Border of the host with the given position."""
        super().__init__(name, rows, clock)
        self.host, self.seen = host, spec.coverage
        self.traffic_model = Traffic(name, spec, clock)
        measures = np.array([row.measure for row in rows])
        self.sign_in = np.where(measures == "out", 0.0, 1.0)
        self.sign_out = np.where(measures == "in", 0.0, np.where(measures == "net", -1.0, 1.0))
        self.is_net = measures == "net"
        self.exposed = np.array([row.group == "exposed" for row in rows])
        extra = ()
        if self.exposed.any():
            extra = (share_param(self.own("exposed"), 0.5, 0.4, "Exposed share of traffic"),)
        self.params = (*self.traffic_model.params, *extra)

    def _ways(self, record: Record, p: Values) -> tuple[Array, Array]:
        """Entries and exits of each row's period; each [row]."""
        ordinary_in = self.windows @ self.traffic_model.per_step(p)
        ordinary_out = self.windows @ self.traffic_model.per_step(p, out=True)
        leaving = record.go_home[:, self.host] + record.go_on[:, self.host]
        entries = self.seen * (self.windows @ record.arrive[:, self.host]) + ordinary_in
        exits = self.seen * (self.windows @ leaving) + ordinary_out
        if not self.exposed.any():
            return entries, exits
        share = p[self.own("exposed")]
        entries_x = self.windows @ record.exposed_arrive[:, self.host] + share * ordinary_in
        exits_x = self.windows @ record.exposed_exit[:, self.host] + share * ordinary_out
        return jnp.where(self.exposed, entries_x, entries), jnp.where(self.exposed, exits_x, exits)

    def expected(self, record: Record, p: Values) -> Array:
        """Entries, exits, their sum or their balance; crossings [row]."""
        entries, exits = self._ways(record, p)
        return self.sign_in * entries + self.sign_out * exits

    def traffic(self, record: Record, p: Values) -> Array:
        """Entries plus exits behind each balance; crossings [row]."""
        entries, exits = self._ways(record, p)
        return jnp.where(self.is_net, entries + exits, 0.0)


@final
class TripCount(Observer):
    """Trips to a place as the origin's border counts them; shares the host border's traffic."""

    family = "trips"

    def __init__(
        self,
        name: str,
        spec: TripsSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        border: BorderCount,
    ) -> None:
        """Trips over the border that `border` sees from the other side."""
        super().__init__(name, rows, clock)
        self.border = border
        self.params = (
            log_param(self.own("ratio"), 1.0, 0.25, "ratio", "Origin's count over the host's"),
        )

    def expected(self, record: Record, p: Values) -> Array:
        """Departures for the place and ordinary traffic; crossings [row]."""
        ordinary = self.windows @ self.border.traffic_model.per_step(p)
        moves = self.windows @ record.leave_to[:, self.border.host]
        return p[self.own("ratio")] * (ordinary + moves)
