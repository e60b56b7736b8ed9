"""Explain: why this rate, rule by rule, for one kind of person at one place and date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.errors import Finding, NostoiError
from nostoi.engine import views
from nostoi.engine.rates import Scene
from nostoi.infer.model import CaseTarget
from nostoi.rules.card import Rule
from nostoi.rules.moves import MOVES, rules_of

ABROAD = ("go_home", "move_on")
SETTABLE = (
    "days",
    "savings",
    "belief",
    "rumour",
    "exposure",
    "kin",
    "activism",
    "remote",
    "family",
)
DEFAULT_DAYS = 90.0


@dataclass(frozen=True)
class Term:
    """One rule's part in a rate.

    Attributes:
        rule: name of the rule.
        kind: push, able or pull.
        value: log rate (push, pull) or share (able).
        factor: what the rate is multiplied by.
        says: the rule in one sentence.
        part: part of the system, such as S9.
        source: who says so.
    """

    rule: str
    kind: str
    value: float
    factor: float
    says: str
    part: str
    source: str


@dataclass(frozen=True)
class Explanation:
    """A rate and its parts; `per_day` = `base` times all factors."""

    move: str
    who: Mapping[str, float]
    at: str
    on: date
    base: float
    per_day: float
    within_30_days: float
    terms: tuple[Term, ...]

    def as_dict(self) -> dict[str, Any]:
        """For a machine; the keys are stable (docs/json-output.md)."""
        return {
            "move": self.move,
            "who": dict(self.who),
            "at": self.at,
            "on": self.on.isoformat(),
            "base_per_day": self.base,
            "per_day": self.per_day,
            "within_30_days": self.within_30_days,
            "terms": [term.__dict__ for term in self.terms],
        }


def explain(
    target: CaseTarget, move: str, who: str, at: str, on: date, z: Any | None = None
) -> Explanation:
    """Explains the rate of a move.

    Args:
        target: the case.
        move: leave, leave_again, go_home, move_on or call_up.
        who: a group, with columns set if wanted: "exposed_means, days=120, savings=2".
        at: place where the person is (the origin for leave, leave_again and call_up).
        on: date inside the case.
        z: unknowns [dim]; prior medians by default.

    Raises:
        NostoiError: N601 for an unknown move, group, column or place; N602 for a date outside.
    """
    known = [m.name for m in MOVES if rules_of(m.name, "push") or rules_of(m.name, "able")]
    _must_know("move", move, known)
    world = target.model.world
    _must_know("place", at, [world.origin, *world.hosts])
    if not world.clock.start <= on <= world.clock.end:
        raise NostoiError(
            Finding(
                602, f"{on} is outside the case", do=f"{world.clock.start} to {world.clock.end}"
            )
        )
    if (move in ABROAD) == (at == world.origin):
        where = "a host" if move in ABROAD else f"the origin {world.origin}"
        raise NostoiError(Finding(601, f"{move} starts at {where}, not at {at}", do="change --at"))
    step = world.clock.step(on)
    values = target.values(jnp.zeros(target.dim) if z is None else jnp.asarray(z))
    scene = Scene(target.model, target.model.numbers(values))
    person, place, now = _columns(scene, move, who, at, step)
    terms = tuple(
        term_of(rule, rule(person, place, now, scene.p))
        for kind in ("push", "able")
        for rule in rules_of(move, kind, target.model.rules)
    )
    base = float(np.exp(float(getattr(scene.p, next(m.base for m in MOVES if m.name == move)))))
    rate = base * float(np.prod([term.factor for term in terms]))
    shown = {name: float(value) for name, value in vars(person).items()}
    return Explanation(move, shown, at, on, base, rate, 1.0 - float(np.exp(-30 * rate)), terms)


def term_of(rule: Rule, value: Any) -> Term:
    """One rule's part."""
    number = float(np.asarray(value))
    factor = number if rule.kind == "able" else float(np.exp(number))
    return Term(rule.name, rule.kind, number, factor, rule.says, rule.part, rule.source)


def _must_know(what: str, word: str, known: list[str]) -> None:
    if word not in known:
        near = get_close_matches(word, known, 1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise NostoiError(
            Finding(601, f"no {what} '{word}'", do=f"{hint}known: {', '.join(known)}")
        )


def _columns(
    scene: Scene, move: str, who: str, at: str, step: int
) -> tuple[SimpleNamespace, SimpleNamespace, SimpleNamespace]:
    """who, at and now of one person as plain numbers."""
    world = scene.world
    group, own = _read_who(who, list(world.groups))
    g, h = world.groups.index(group), 0 if at == world.origin else world.hosts.index(at) + 1
    person: dict[str, float] = {name: float(column[g]) for name, column in world.who.items()}
    person.pop("persons")
    person |= {
        "belief": float(scene.belief[step, g, h]),
        "rumour": float(scene.rumour[step, g, h]),
        "leaning": float(scene.p.leaning[g]),
        "days": DEFAULT_DAYS,
        "been_away": 0.0 if move == "leave" else 1.0,
        "savings": float(np.median(world.savings[:, g])),
    }
    now = {name: float(column[step]) for name, column in world.now.items()}
    now |= {name: float(column[step]) for name, column in scene.now_effects.items()}
    if h == 0:
        place = {k: float(v.ravel()[step]) for k, v in views.home_view(world, slice(None)).items()}
    else:
        place = {name: float(column[h - 1, step]) for name, column in world.at.items()}
        for name in ("climate", "stepping", "attraction"):
            place[name] = float(getattr(scene.p, name)[h - 1])
        if "savings" not in own:
            days = own.get("days", DEFAULT_DAYS)
            phase = int(np.argmin(np.abs(world.phases.days - days)))
            left = views.savings_abroad(world, [step])[:, g, h - 1, phase, 0]
            person["savings"] = float(np.median(left))
    person |= own
    return SimpleNamespace(**person), SimpleNamespace(**place), SimpleNamespace(**now)


def _read_who(text: str, groups: list[str]) -> tuple[str, dict[str, float]]:
    """Group and own columns of "group, column=number, ..."."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not parts:
        raise NostoiError(Finding(601, "no group given", do=f"one of {', '.join(groups)}"))
    _must_know("group", parts[0], groups)
    own: dict[str, float] = {}
    for part in parts[1:]:
        name, _, number = (piece.strip() for piece in part.partition("="))
        _must_know("column", name, list(SETTABLE))
        try:
            own[name] = float(number)
        except ValueError:
            raise NostoiError(
                Finding(601, f"'{part}' is not column=number", do="write days=120")
            ) from None
    return parts[0], own
