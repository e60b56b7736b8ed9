"""Panel: all observers of a case, built from its ledger, and their joint likelihood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.record import Record
from nostoi.case.case import Ledger
from nostoi.case.ledger import Observation
from nostoi.observe.bias import PublisherBias
from nostoi.observe.border import BorderCount, TripCount
from nostoi.observe.claim import Claim
from nostoi.observe.flow import MigrationCount
from nostoi.observe.noise import interval_log_mass
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values, centred
from nostoi.observe.poll import BeliefPoll
from nostoi.observe.register import PaperCount
from nostoi.observe.scale import from_scale
from nostoi.observe.shared import as_shown, shared_error
from nostoi.observe.stock import PresenceCount
from nostoi.observe.survey import ReturnSurvey
from nostoi.rules.params import Param

Array = Any
FAMILIES = ("crossing", "trips", "flow", "stock", "register", "survey", "poll", "claim")
NOISE_SD = 0.4
"""Prior log sd of a family's scatter over that of `scale.SPREAD`."""


class Panel:
    """All observers that use at least one row.

    Attributes:
        observers: one per family.
        rows: used rows, in the order of all [row] arrays.
        names: name of each row's source, [row].
        params: parameters of the families, the scatter of each, and the error that all share.
        scales, low, high: scale of each row, and the ends of its figure on it, [row].
    """

    def __init__(self, ledger: Ledger, setting: Setting) -> None:
        """Panel of a ledger in a world."""
        self.observers: tuple[Observer, ...] = _build(ledger, setting)
        own = [param for observer in self.observers for param in observer.params]
        noises = [_noise(o.family) for o in self.observers]
        shared = [shared_error()] if self.observers else []
        self.params: tuple[Param, ...] = (*own, *noises, *shared)
        self.rows: tuple[Observation, ...] = tuple(r for o in self.observers for r in o.rows)
        self.names = tuple(s.name for o in self.observers for s in o.sources for _ in s.rows)
        self.families = tuple(o.family for o in self.observers for _ in o.rows)
        self.scales = np.concatenate([np.zeros(0, int), *(o.scales for o in self.observers)])
        self.low = np.concatenate([np.zeros(0), *(o.low for o in self.observers)])
        self.high = np.concatenate([np.zeros(0), *(o.high for o in self.observers)])

    def _joined(self, parts: list[Any]) -> Array:
        return jnp.concatenate(parts) if parts else jnp.zeros(0)

    def read(self, record: Record) -> list[Readings]:
        """What the rows of every observer sum up of a record, whatever their unknowns are."""
        return [o.read(record) for o in self.observers]

    def centre_and_width(self, read: Sequence[Readings], p: Values) -> tuple[Array, Array]:
        """Centre and scale of every row on its own scale; each [row].

        The centres of all families are worked out at once: a few long operations, not many short.
        """
        return self._centre_and_width(self._shown(read, p), p)

    def _centre_and_width(self, seen: Sequence[Readings], p: Values) -> tuple[Array, Array]:
        pairs = list(zip(self.observers, seen, strict=True))
        expected = self._joined([o.expected(one, p) for o, one in pairs])
        centre = centred(expected, self._joined([o.bias(p) for o in self.observers]), self.scales)
        return centre, self._joined([o.width(one, p) for o, one in pairs])

    def _shown(self, read: Sequence[Readings], p: Values) -> list[Readings]:
        """Readings times the error that all share, with the usual movements beside them.

        The error is on the readings and not on the record: sums over days depend on no unknown of
        the observers, and compiled code that tries several of these makes the sums once.
        """
        pairs = zip(self.observers, read, strict=True)
        return [{**as_shown(one, o.shares, p), **o.beside(p)} for o, one in pairs]

    def loglik(self, record: Record, p: Values) -> Array:
        """Log likelihood of each used row; [row]."""
        return self.loglik_of(self.read(record), p)

    def loglik_of(self, read: Sequence[Readings], p: Values) -> Array:
        """The same of a record that was read."""
        return self._loglik(self._shown(read, p), p)

    def _loglik(self, seen: Sequence[Readings], p: Values) -> Array:
        centre, width = self._centre_and_width(seen, p)
        return interval_log_mass((self.low - centre) / width, (self.high - centre) / width)

    def expected(self, record: Record, p: Values) -> Array:
        """Expected figures without bias and noise, natural units; [row]."""
        return self._joined([o.expected(o.seen(record, p), p) for o in self.observers])

    def biased(self, record: Record, p: Values) -> Array:
        """Expected figures as the publishers would show them, natural units; [row]."""
        return self._biased(self._shown(self.read(record), p), p)

    def _biased(self, seen: Sequence[Readings], p: Values) -> Array:
        pairs = zip(self.observers, seen, strict=True)
        return self._joined([from_scale(o.centre(one, p), o.scales) for o, one in pairs])

    def draw(self, key: Array, record: Record, p: Values) -> Array:
        """Figures that could have been published instead, natural units; [row]."""
        return self._draw(key, self._shown(self.read(record), p), p)

    def _draw(self, key: Array, seen: Sequence[Readings], p: Values) -> Array:
        keys = jax.random.split(key, max(len(seen), 1))
        each = zip(self.observers, keys, seen, strict=False)
        return self._joined([o.draw(k, one, p) for o, k, one in each])

    def predictions(self, key: Array, read: Sequence[Readings], p: Values) -> dict[str, Array]:
        """Expected and predictive figures of every used row; each [row].

        "expected" holds the publisher's bias, "expected_unbiased" not; "y" also the scatter.
        """
        seen = self._shown(read, p)
        usual = zip(self.observers, read, seen, strict=True)
        plain = [o.expected({**shown, **one}, p) for o, one, shown in usual]
        return {
            "expected": self._biased(seen, p),
            "expected_unbiased": self._joined(plain),
            "y": self._draw(key, seen, p),
            "log_likelihood": self._loglik(seen, p),
        }


def _noise(family: str) -> Param:
    """Scatter of a family's figures, over the prior's."""
    return Param(
        f"{family}.noise", "", "log", (1.0,), NOISE_SD, "ratio", "observe/scale.py",
        f"Scatter of {family} figures over that of their confidence class",
    )  # fmt: skip


def _build(ledger: Ledger, setting: Setting) -> tuple[Observer, ...]:
    """One observer per family that has rows; crossings before trips, which need them."""
    by_family: dict[str, list[Source]] = {family: [] for family in FAMILIES}
    for name, spec in ledger.observers.items():
        rows = ledger.used_by(name)
        if spec.family == "camp":
            continue  # camps are a matter of the network, which the cohort model does not have
        if rows or spec.family == "crossing":
            by_family[spec.family].append(Source(name, spec, rows))
    made: dict[str, Observer] = {}
    for family, sources in by_family.items():
        shared = family == "crossing" and any(source.rows for source in by_family["trips"])
        if shared or any(source.rows for source in sources):
            made[family] = _one(family, sources, setting, ledger, made)
    return tuple(made.values())


def _one(
    family: str,
    sources: list[Source],
    setting: Setting,
    ledger: Ledger,
    made: dict[str, Observer],
) -> Observer:
    """Observer of all sources of a family."""
    rows = [row for source in sources for row in source.rows]
    if family == "crossing":
        return BorderCount(sources, setting, PublisherBias(rows, ledger.sources))
    if family == "trips":
        border = made.get("crossing")
        if not isinstance(border, BorderCount):
            raise ValueError("counts of trips need the figures of a border that they share")
        return TripCount(sources, setting, border)
    if family == "stock":
        return PresenceCount(sources, setting, PublisherBias(rows, ledger.sources))
    plain: dict[str, Callable[[Sequence[Source], Setting], Observer]] = {
        "flow": MigrationCount,
        "register": PaperCount,
        "survey": ReturnSurvey,
        "poll": BeliefPoll,
        "claim": Claim,
    }
    return plain[family](sources, setting)
