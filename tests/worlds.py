"""Small invented worlds, built by hand: a few groups, hosts and weeks, and constant columns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import jax
import numpy as np

from nostoi.base.calendar import Clock, interpolation, make_clock
from nostoi.base.phases import Phases
from nostoi.engine import cohorts
from nostoi.engine.account import write_record
from nostoi.engine.model import Model, sized_params
from nostoi.engine.rates import make_rates
from nostoi.rules.card import Rule
from nostoi.rules.moves import RULES
from nostoi.rules.params import Pack, shipped
from nostoi.world.world import World, equal_mass_bands

jax.config.update("jax_enable_x64", True)

START = date(2030, 1, 1)

HOST = {
    "wage_ratio": 0.8,
    "price_ratio": 1.1,
    "cover": 1.2,
    "entry": 0.9,
    "stay_days": 90.0,
    "permit_ease": 0.5,
    "journey_cost": 0.4,
    "journey_days": 2.0,
    "papers_days": 0.5,
    "land": 1.0,
    "language": 0.6,
    "recognition": 0.5,
    "freedom": 0.4,
    "diaspora": 3000.0,
}
"""Columns of the first host; the others differ a little."""

QUIET = (
    "mobilisation", "war", "rumour", "sowing", "enforcement", "calm", "repression", "exit_ban",
    "e_summons", "recruitment", "decree", "closed", "amnesty",
    "call_rate",
)  # fmt: skip

WHO = {
    "persons": (1e6, 2e6, 5e5),
    "exposure": (1.0, 0.0, 0.5),
    "kin": (0.0, 0.6, 0.2),
    "activism": (0.1, 0.05, 0.8),
    "remote": (0.3, 0.1, 0.5),
    "family": (0.6, 0.8, 0.2),
}


def clock_of(weeks: int, step_days: int = 7, daily: tuple[int, int] | None = None) -> Clock:
    """Clock of whole weeks; `daily` are the first and last week (from 0) of a daily window."""
    windows = []
    if daily:
        first, last = (START + timedelta(weeks=w) for w in daily)
        windows.append((first, last + timedelta(days=6)))
    return make_clock(START, START + timedelta(days=7 * weeks - 1), step_days, windows)


def world_of(
    clock: Clock,
    phases: Phases,
    groups: int = 2,
    hosts: int = 2,
    at: dict[str, float] | None = None,
) -> World:
    """World with constant columns; a call-up order in its middle third, quiet elsewhere."""
    n = clock.n
    tilt = 1.0 + 0.1 * np.arange(hosts)[:, None]
    columns: dict[str, Any] = {k: np.repeat(v * tilt, n, 1) for k, v in (HOST | (at or {})).items()}
    columns["entry"] = np.minimum(columns["entry"], 1.0)
    now: dict[str, Any] = {name: np.zeros(n) for name in QUIET}
    middle = (clock.mids > clock.edges[-1] / 3) & (clock.mids < clock.edges[-1] * 2 / 3)
    for name in ("mobilisation", "rumour", "sowing", "decree"):
        now[name] = 0.8 * middle
    now["war"][: n // 4] = 0.5
    for name in ("repression", "enforcement", "recruitment", "calm"):
        now[name][n // 2 :] = 0.4
    now["call_rate"] = 1e-4 * middle
    now["fare"] = 1.0 + 4.0 * now["mobilisation"]
    who = {name: np.array(value[:groups]) for name, value in WHO.items()}
    return World(
        clock=clock,
        phases=phases,
        origin="AAA",
        hosts=tuple("BCDE"[i] * 3 for i in range(hosts)),
        groups=tuple(f"group{i}" for i in range(groups)),
        who=who,
        savings=equal_mass_bands(np.full(groups, 3.0), np.full(groups, 0.8), 3),
        at=columns,
        now=now,
        event=n // 3,
        knots=interpolation(clock.mids, np.arange(0.0, clock.edges[-1] + 28.0, 28.0)),
        attraction=np.asarray(0.3 * np.arange(hosts), float),
    )


def model_of(world: World, rules: tuple[Rule, ...] = RULES) -> Model:
    """Model of a world with the shipped parameters; the reference appeal stays zero."""
    return Model(world, rules, sized_params(world, shipped()))


def values_of(model: Model, seed: int | None = None, scale: float = 1.0) -> dict[str, Any]:
    """Natural parameters: prior medians, or a seeded draw of the prior."""
    pack = Pack(model.params)
    z = np.zeros(pack.dim)
    if seed is not None:
        z = scale * np.random.default_rng(seed).standard_normal(pack.dim)
    return {name: np.asarray(value) for name, value in pack.unpack(z, np).items()}


def constant_rates(world: World, leave: float, home: float, onward: float = 0.0) -> dict[str, Any]:
    """Parameters for a model without rules: rates per day that nothing changes."""
    values = values_of(model_of(world, ()))
    small = 1e-30
    rates = {"leave_base": leave, "return_base": home, "onward_base": onward}
    for name, rate in rates.items():
        values[name] = np.log(max(rate, small))
    return values


def run_all(model: Model, values: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    """(shares, trace, last state, record) of a run."""
    p = model.numbers(values)
    rates = make_rates(model, p)
    shares = cohorts.make_shares(model, rates)
    trace, last = cohorts.scan(model, p, shares)
    return shares, trace, last, write_record(model.world, rates, shares, trace)
