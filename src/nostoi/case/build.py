"""From a resolved case to the world, rules and parameters that the engines read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from nostoi.base.calendar import Clock, Floats, interpolation, make_clock
from nostoi.base.phases import Phases
from nostoi.case.case import Case
from nostoi.case.lacking import refuse_what_lacks
from nostoi.case.schema import Group, ParamOverride
from nostoi.rules.card import Rule
from nostoi.rules.moves import RULES, choose_rules
from nostoi.rules.params import Param, shipped
from nostoi.world.money import money_columns, series
from nostoi.world.regimes import recognition_column, regime_columns
from nostoi.world.routes import route_columns
from nostoi.world.signals import signal_columns
from nostoi.world.world import World, equal_mass_bands

FINE_KNOTS = 7
"""Days between knots of the free effects inside and around daily windows."""


def clock_of(case: Case, step_days: int | None = None) -> Clock:
    """Clock of a case, or one of steps of so many days."""
    spec = case.spec
    windows = [(w.start, w.end) for w in spec.clock.daily]
    return make_clock(spec.start, spec.end, step_days or int(spec.clock.step), windows)


def phases_of(case: Case) -> Phases:
    """Phases of a case; one open block is added behind the last one it asks for."""
    spec = case.spec.phases
    return Phases(weekly=spec.weekly, block=int(spec.block // 7), blocks=spec.blocks + 1)


def _knot_days(case: Case, clock: Clock) -> Floats:
    """Days of the knots: every `knots` days, and weekly in the daily windows."""
    days = set(range(0, clock.edges[-1] + int(case.spec.knots), int(case.spec.knots)))
    for window in case.spec.clock.daily:
        first = clock.day(window.start - timedelta(days=FINE_KNOTS))
        days |= set(range(first, clock.day(window.end) + 1, FINE_KNOTS))
    kept: list[int] = []
    for day in sorted(days):
        if not kept or day - kept[-1] >= FINE_KNOTS - 1:
            kept.append(day)
    return np.asarray(kept, float)


def _call_rate(case: Case, clock: Clock) -> Floats:
    """Share of the exposed called up per day, [step]."""
    exposed = sum(g.persons * g.exposure for g in case.groups.values())
    rate = np.zeros(clock.n)
    for quota in case.spec.call_ups:
        days = (quota.end - quota.start).days + 1
        rate += clock.window(quota.start, quota.end) * quota.persons / days / max(exposed, 1.0)
    return rate


def _columns(groups: Mapping[str, Group]) -> dict[str, Floats]:
    """Columns of the groups, each [group]."""
    names = ("persons", "exposure", "kin", "activism", "remote", "family")
    return {n: np.array([float(getattr(g, n)) for g in groups.values()]) for n in names}


PURSES = 24
"""Bands of savings of people at home. Whether one can pay is a steep rule, and savings spread
widely: with five bands 6 per cent too many left on the flagship (decision 006). People abroad keep
the few bands of the case: their cells are many, and what they read of savings is gentle."""


def savings_of(case: Case, bands: int) -> Floats:
    """Savings in months of living costs at home, in equal-mass bands; [band, group]."""
    groups = case.groups.values()
    median = np.array([g.savings.median for g in groups])
    sigma = np.array([g.savings.sigma for g in groups])
    return equal_mass_bands(median, sigma, bands)


def world_of(case: Case, step_days: int | None = None, clock: Clock | None = None) -> World:
    """World of a case, on its own clock, on one of steps of so many days, or on a given clock.

    Raises:
        NostoiError: N310 and N311 when a table lacks what the world needs (`check` warns of it).
    """
    refuse_what_lacks(case)
    clock, origin = clock or clock_of(case, step_days), case.spec.origin
    hosts = tuple(place.place for place in case.hosts)
    at = money_columns(clock, origin, hosts, case.money)
    at |= regime_columns(clock, hosts, case.regimes)
    routes = route_columns(clock, origin, hosts, case.routes)
    living = series(clock, case.money, origin, "living")
    at["journey_cost"] = routes.pop("journey_rub") / living
    at |= routes
    for name in ("language", "recognition", "freedom", "diaspora"):
        column = np.array([float(getattr(place, name)) for place in case.hosts])
        at[name] = np.repeat(column[:, None], clock.n, axis=1)
    usual = at["recognition"][:, 0]
    at["recognition"] = recognition_column(clock, hosts, usual, case.regimes)
    groups = case.groups
    return World(
        clock=clock,
        phases=phases_of(case),
        origin=origin,
        hosts=hosts,
        groups=tuple(groups),
        who=_columns(groups),
        savings=savings_of(case, case.spec.bands),
        purses=savings_of(case, max(PURSES, case.spec.bands)),
        at=at,
        now=signal_columns(clock, case.signals, _call_rate(case, clock)),
        event=clock.step(case.spec.event),
        knots=interpolation(clock.mids, _knot_days(case, clock)),
        attraction=np.array([place.attraction for place in case.hosts]),
    )


def rules_of_case(case: Case) -> tuple[Rule, ...]:
    """Rules that the case switches on, in the order of the page."""
    return choose_rules(case.spec.rules.chosen(rule.name for rule in RULES))


def params_of(case: Case) -> tuple[Param, ...]:
    """Parameters of the rules with the case's own values (not yet sized)."""
    return tuple(_override(param, case.params.get(param.name)) for param in shipped())


def _override(param: Param, own: ParamOverride | None) -> Param:
    """The parameter with the case's own value, spread, unit and source."""
    if own is None:
        return param
    fixed = own.fixed or (own.sd == 0)
    return replace(
        param,
        value=(own.value,) * len(param.value),
        sd=param.sd if own.sd is None else own.sd,
        kind="fixed" if fixed else param.kind,
        source=own.source or param.source,
    )
