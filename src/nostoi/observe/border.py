"""Border posts: crossings are not persons.

Counts hold the moves of the case and the traffic that was always there (tourists, traders,
visa runs). Both directions share that traffic; exits follow entries by a visitor's stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.record import Record
from nostoi.base.sums import along, taken
from nostoi.observe.bias import PublisherBias
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any
YEAR = 365.25
WAVES = 4
"""Columns of the season: cosine and sine of one and of two cycles a year."""


def seasons(days: Floats) -> Floats:
    """Cosine and sine of one and two cycles a year at each day of the year; [day, 4]."""
    angle = 2.0 * np.pi * np.asarray(days) / YEAR
    return np.stack([f(k * angle) for k in (1, 2) for f in (np.cos, np.sin)], axis=-1)


@final
class BorderCount(Observer):
    """Entries, exits and balances of the hosts' borders."""

    family = "crossing"

    def __init__(self, sources: Sequence[Source], setting: Setting, bias: PublisherBias) -> None:
        """Borders of the given sources."""
        super().__init__(sources, setting)
        self.host = self.hosts_of_rows()
        specs = [source.spec for source in self.sources]
        self.coverage = np.array([spec.coverage for spec in specs])[self.of]
        self.publishers = bias
        day_of_year = self.clock.start.timetuple().tm_yday
        stay = np.array([spec.stay for spec in specs])[:, None]
        inward = np.repeat(self.clock.mids[None, :], len(specs), axis=0)
        when = {"in": inward, "out": inward - stay}
        place = [setting.hosts.index(spec.place) for spec in specs]
        self.door = (setting.entry / setting.entry.max(axis=1, keepdims=True))[place]
        self.swings = {
            way: np.concatenate(
                [days[None] / YEAR - 1.0, np.moveaxis(seasons(days + day_of_year), -1, 0)]
            )
            for way, days in when.items()
        }
        """Per way, by what a unit of growth and of each wave adds to the log of ordinary traffic;
        [column, source, step]."""
        self.sign_in = np.where(self.measures == "out", 0.0, 1.0)
        self.sign_out = np.select(
            [self.measures == "in", self.measures == "net"], [0.0, -1.0], default=1.0
        )
        self.exposed = np.array([row.group == "exposed" for row in self.rows])
        self.params = (
            self.per_source(
                "level",
                "log",
                [(spec.baseline, 0.4) for spec in specs],
                ("persons per day", "Ordinary traffic a day each way in mid-case"),
            ),
            self.per_source(
                "growth",
                "normal",
                [(spec.growth, 0.3) for spec in specs],
                ("log per year", "Growth of ordinary traffic"),
            ),
            *(self._season(i, [spec.season for spec in specs]) for i in range(WAVES)),
            self.per_source(
                "exposed",
                "logit",
                [(0.5, 0.4)] * len(specs),
                ("share 0..1", "Exposed share of ordinary traffic"),
            ),
            bias.param(self.family),
        )

    def _season(self, wave: int, wanted: list[int]) -> Any:
        """One wave of the season; next to nothing where a source does not ask for it."""
        spread = [(0.0, 0.25 if wave < 2 * n else 1e-3) for n in wanted]
        return self.per_source(f"season{wave}", "normal", spread, ("log", "Season of traffic"))

    def ordinary(self, p: Values, way: str) -> Array:
        """Ordinary traffic of each source and step, persons; [source, step].

        A ban on entry thins ordinary traffic as it thins the moves of the case.
        """
        units = [p["crossing.growth"], *(p[f"crossing.season{i}"] for i in range(WAVES))]
        both = zip(units, self.swings[way], strict=True)
        logs = sum(unit[:, None] * column for unit, column in both)
        return p["crossing.level"][:, None] * self.door * jnp.exp(logs) * self.clock.lengths

    def read(self, record: Record) -> Readings:
        """Moves of the case into and out of the host, of all or of the exposed; persons."""
        leaving = record.go_home + record.go_on
        into = jnp.where(
            self.exposed,
            along(self.windows, record.exposed_arrive, self.host),
            along(self.windows, record.arrive, self.host),
        )
        out = jnp.where(
            self.exposed,
            along(self.windows, record.exposed_exit, self.host),
            along(self.windows, leaving, self.host),
        )
        return {"in": into, "out": out}

    def beside(self, p: Values) -> Readings:
        """Ordinary traffic of each row's period, of all or of the exposed; persons."""
        share = jnp.where(self.exposed, taken(p["crossing.exposed"], self.of), 1.0)
        ways = {way: self.ordinary(p, way).T for way in ("in", "out")}
        return {f"usual_{w}": share * along(self.windows, x, self.of) for w, x in ways.items()}

    def _ways(self, seen: Readings) -> tuple[Array, Array]:
        """Entries and exits of each row's period; each [row]."""
        return (
            self.coverage * seen["in"] + seen["usual_in"],
            self.coverage * seen["out"] + seen["usual_out"],
        )

    def expected(self, seen: Readings, p: Values) -> Array:
        """Entries, exits, their sum or their balance; crossings [row]."""
        entries, exits = self._ways(seen)
        return self.sign_in * entries + self.sign_out * exits

    def traffic(self, seen: Readings, p: Values) -> Array:
        """Entries plus exits behind each row; crossings [row]."""
        entries, exits = self._ways(seen)
        return entries + exits

    def bias(self, p: Values) -> Array:
        """Bias of each row's publisher, log; [row]."""
        return self.publishers.of_rows(p, self.family, self.rows)


@final
class TripCount(Observer):
    """Trips to places as the origin's border counts them; shares the host border's traffic."""

    family = "trips"

    def __init__(self, sources: Sequence[Source], setting: Setting, border: BorderCount) -> None:
        """Trips over the borders that `border` sees from the other side."""
        super().__init__(sources, setting)
        self.border = border
        names = [source.name for source in border.sources]
        partner = [names.index(source.spec.crossing) for source in self.sources]
        self.partner = np.array(partner, int)[self.of]
        self.host = self.hosts_of_rows()
        ratio = [(1.0, 0.25)] * len(self.sources)
        card = ("ratio", "Origin's count over the host's")
        self.params = (self.per_source("ratio", "log", ratio, card),)

    def read(self, record: Record) -> Readings:
        """Departures for the place; persons."""
        return {"moves": along(self.windows, record.leave_to, self.host)}

    def beside(self, p: Values) -> Readings:
        """Ordinary traffic of each row's period into the place; persons."""
        return {"usual": along(self.windows, self.border.ordinary(p, "in").T, self.partner)}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Departures for the place and ordinary traffic; crossings [row]."""
        return taken(p["trips.ratio"], self.of) * (seen["usual"] + seen["moves"])
