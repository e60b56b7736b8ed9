"""Rates of all moves of a model for one set of parameters, ready for the scan over steps."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from nostoi.base.numerics import jitted, prepare
from nostoi.engine import views
from nostoi.engine.fields import run_fields
from nostoi.engine.hazards import factor, pull_sum
from nostoi.engine.model import Model
from nostoi.rules.moves import rules_of
from nostoi.rules.params import Pack
from nostoi.world.world import World

Array = Any
READY_DAYS = 30
"""Days within which "ready to leave again" means gone."""


class Rates(NamedTuple):
    """Rates per day and log weights by step; the scan multiplies what varies on two clocks."""

    leave: Array  # [step, group]
    call_up: Array  # [step, group]
    again: Array  # [step, group, phase]
    home: Array  # [step, group, host] part of go_home that follows the date
    home_slow: Array  # [coarse date, group, host, phase] part that follows the days since
    on: Array  # [step, group, host]
    on_slow: Array  # [coarse date, group, host, phase]
    weight: Array  # log weight of destinations, [step, group, host]
    belief: Array  # [step, group, place], origin first
    rumour: Array  # [step, group, place]


def field_view(
    world: World, p: SimpleNamespace, hosts: int
) -> tuple[SimpleNamespace, dict[str, Array], tuple[int, int]]:
    """What rumours and beliefs read: who, at and p; columns of the date; (group, 1 + host).

    Hosts differ in nothing that these rules read: one stands for all where everybody mixes.
    """
    at_home = (np.arange(1 + hosts) == 0)[None, :]
    columns = at_home + ~at_home * p.reach_abroad
    who = SimpleNamespace(**{k: v[:, None] for k, v in world.who.items()})
    view = SimpleNamespace(who=who, at=SimpleNamespace(reach=columns), p=p)
    return view, dict(world.now), (len(world.groups), 1 + hosts)


class Scene:
    """Views of one model for one set of parameters: who, at, now and p in rule-ready shapes.

    The columns of the world may be arguments of compiled code; the quiet step and the steps of the
    coarse calendar are then given, because they cannot be looked up there.
    """

    def __init__(
        self, model: Model, p: dict[str, Array], quiet: int | None = None, slow: Any = None
    ) -> None:
        """Scene of a model for parameters `p`.

        Args:
            model: world, rules and reference.
            p: parameters as `Model.numbers` returns them.
            quiet: a step of usual fares; looked up by default.
            slow: steps that stand for the coarse dates; as `views.slow_steps` by default.
        """
        self.model, self.world, self.p = model, model.world, SimpleNamespace(**p)
        self.rules = model.rules
        self.every = np.arange(self.world.clock.n)
        self.slow = views.slow_steps(self.world)[0] if slow is None else slow
        self.quiet = quiet_step(self.world) if quiet is None else quiet
        self.now_effects = {
            name: self.world.knots @ p[name] for name in ("leave_mood", "return_mood")
        }

    @property
    def belief(self) -> Array:
        """Felt chance of call-up, [step, group, place] with the origin first."""
        return self._over_places(self._fields[0])

    @property
    def rumour(self) -> Array:
        """Share who talk, [step, group, place] with the origin first."""
        return self._over_places(self._fields[1])

    @cached_property
    def _fields(self) -> tuple[Array, Array]:
        """Belief and rumour [step, group, (at home, abroad)]; computed when first read.

        Pulls need neither.
        """
        view, now, shape = field_view(self.world, self.p, hosts=1)
        return run_fields(self.rules, view, now, self.world.clock.lengths, shape)

    def _over_places(self, field: Array) -> Array:
        """A field at home and abroad as one of all places: hosts do not differ."""
        shape = (*field.shape[:2], len(self.world.hosts))
        return jnp.concatenate([field[:, :, :1], jnp.broadcast_to(field[:, :, 1:], shape)], axis=2)

    def _at(self, series: Array, steps: Any) -> Array:
        """A series [step, ...] at some steps; all of them are not picked one by one."""
        return series if steps is self.every else series[steps]

    def _now(self, steps: Any) -> SimpleNamespace:
        effects = {k: self._at(v, steps)[None, None, None, :] for k, v in self.now_effects.items()}
        return SimpleNamespace(**views.now_view(self.world, steps), **effects)

    def _felt(self, steps: Any, place: Any) -> dict[str, Array]:
        """Belief and rumour as columns, [group, place, 1, time]; one place stands for all hosts."""
        columns = (self._at(field, steps)[:, :, place] for field in self._fields)
        belief, rumour = (jnp.moveaxis(x, 0, -1)[:, :, None, :] for x in columns)
        return {"belief": belief, "rumour": rumour}

    def at_home(self, **extra: Any) -> SimpleNamespace:
        """View of people at home (or back home, with the columns in `extra`)."""
        groups = views.groups_view(self.world)
        who = SimpleNamespace(
            **groups,
            **self._felt(self.every, slice(0, 1)),
            savings=self.world.at_home[:, :, None, None, None],
            leaning=self.p.leaning[:, None, None, None],
            **extra,
        )
        at = SimpleNamespace(**views.home_view(self.world, self.every))
        bands = self.world.at_home.shape[0]
        weights = np.full((bands, 1, 1, 1, 1), 1.0 / bands)
        return SimpleNamespace(who=who, at=at, now=self._now(self.every), p=self.p, weights=weights)

    def abroad(self, steps: Any, with_days: bool) -> SimpleNamespace:
        """View of people in hosts at the given steps."""
        place = slice(1, None)
        who = SimpleNamespace(**views.groups_view(self.world), **self._felt(steps, place))
        if with_days:
            who.days = self.world.phases.days[None, None, :, None]
            who.savings = views.savings_abroad(self.world, steps)
        effects = {
            name: getattr(self.p, name)[None, :, None, None]
            for name in ("climate", "stepping", "attraction")
        }
        at = SimpleNamespace(**views.hosts_view(self.world, steps), **effects)
        return SimpleNamespace(
            who=who, at=at, now=self._now(steps), p=self.p, weights=self._payers()
        )

    def _payers(self) -> Array:
        """Share of each band among those who could pay, [band, group, 1, 1, 1]."""
        paying = rules_of("leave", "able", tuple(r for r in self.rules if r.name == "can_pay"))
        bands, groups = self.world.savings.shape
        able: Array = jnp.ones((bands, groups, 1, 1, 1))
        quiet = np.array([self.quiet])
        view = SimpleNamespace(
            who=SimpleNamespace(savings=self.world.savings[:, :, None, None, None]),
            at=SimpleNamespace(**views.home_view(self.world, quiet)),
            now=SimpleNamespace(**views.now_view(self.world, quiet)),
        )
        for rule in paying:
            able = able * rule(view.who, view.at, view.now, self.p)
        return able / able.sum(0, keepdims=True)

    def split(self, move: str) -> tuple[Array, Array]:
        """Fast [step, group, host] and slow [coarse date, group, host, phase] factors."""
        fast = tuple(r for r in self.rules if not views.is_slow(r))
        slow = tuple(r for r in self.rules if views.is_slow(r))
        shape = (len(self.world.groups), len(self.world.hosts))
        a = factor(move, fast, self.abroad(self.every, with_days=False))
        b = factor(move, slow, self.abroad(self.slow, with_days=True))
        a = jnp.broadcast_to(a[:, :, 0, :], (*shape, self.world.clock.n))
        b = jnp.broadcast_to(b, (*shape, self.world.phases.n, len(self.slow)))
        return jnp.moveaxis(a, -1, 0), jnp.moveaxis(b, -1, 0)


def quiet_step(world: World) -> int:
    """A step of usual fares."""
    return int(np.argmin(world.now["fare"]))


def make_rates(model: Model, p: dict[str, Array]) -> Rates:
    """Rates of every move for parameters `p` (as `Model.numbers` returns them)."""
    return rates_in(Scene(model, p))


def rates_in(maker: Scene) -> Rates:
    """Rates of every move in a scene."""
    model, world, p = maker.model, maker.world, vars(maker.p)
    n, groups, hosts = world.clock.n, len(world.groups), len(world.hosts)
    home = maker.at_home()
    back = maker.at_home(been_away=1.0, days=world.phases.days[None, None, :, None])
    leave = factor("leave", model.rules, home)[:, 0, 0, :]
    again = factor("leave_again", model.rules, back)[:, 0, :, :]
    called = factor("call_up", model.rules, home)[:, 0, 0, :] * calls_anybody(model)
    live = tuple(r for r in model.rules if not views.is_live(r))
    view = maker.abroad(maker.every, with_days=False)
    weight = jnp.broadcast_to(pull_sum(live, view), (groups, hosts, 1, n))[:, :, 0, :]
    go, go_slow = maker.split("go_home")
    on, on_slow = maker.split("move_on")
    phases = world.phases.n
    return Rates(
        leave=exp_base(p["leave_base"]) * jnp.broadcast_to(leave, (groups, n)).T,
        call_up=exp_base(p["call_up_base"]) * jnp.broadcast_to(called, (groups, n)).T,
        again=exp_base(p["leave_base"])
        * jnp.moveaxis(jnp.broadcast_to(again, (groups, phases, n)), -1, 0),
        home=exp_base(p["return_base"]) * go,
        home_slow=go_slow,
        on=exp_base(p["onward_base"]) * on,
        on_slow=on_slow,
        weight=jnp.moveaxis(weight, -1, 0),
        belief=maker.belief,
        rumour=maker.rumour,
    )


def calls_anybody(model: Model) -> float:
    """1, or 0 where no rule switched on says how many are called up per day."""
    rules = rules_of("call_up", "able", model.rules)
    return float(any(rule.unit == "share per day" for rule in rules))


def with_reference(model: Model) -> Model:
    """The model with the reference appeal of its destinations filled in.

    One compilation; outside of it each operation of the scene would be compiled by itself. All
    that computes with JAX begins here, and numbers of 8 bytes with it, whoever calls.
    """
    prepare()
    size = sum(param.size for param in model.params)
    quiet = jitted(lambda z: quiet_pulls(model, z))(jnp.zeros(size))
    return replace(model, reference=float(jnp.log(jnp.exp(quiet).sum(1)).mean()))


def quiet_pulls(model: Model, z: Array) -> Array:
    """Log weights of empty hosts at the start, at unit-scale unknowns z; [group, host]."""
    scene = Scene(model, model.numbers(Pack(model.params).unpack(z, jnp)))
    view = scene.abroad(scene.every, with_days=False)
    view.at.newcomers = 0.0
    quiet: Array = pull_sum(model.rules, view)[:, :, 0, 0]
    return quiet


def readiness(model: Model, p: dict[str, Array], scene: Scene | None = None) -> tuple[Array, Array]:
    """Who of those who came back would leave again, and who could; each [group], shares.

    Would: within `READY_DAYS` days of an event as strong as the case's own, half a year after
    the return, if nothing stood in the way. Could: abilities (means, borders) on the last day.
    `scene` is that of the model, if there is one already.
    """
    maker, clock = scene or Scene(model, p), model.world.clock
    half_year = int(np.argmin(np.abs(model.world.phases.days - 182.0)))
    days = model.world.phases.days[half_year : half_year + 1]
    view = maker.at_home(been_away=1.0, days=days[None, None, :, None])
    n, groups = clock.n, len(model.world.groups)
    push = factor("leave_again", tuple(r for r in model.rules if r.kind == "push"), view)
    able = factor("leave_again", tuple(r for r in model.rules if r.kind == "able"), view)
    start = clock.edges[model.world.event]
    window = clock.window(clock.on(start), clock.on(start + READY_DAYS - 1))
    rate = exp_base(p["leave_base"]) * jnp.broadcast_to(push[:, 0, 0, :], (groups, n))
    would = -jnp.expm1(-(rate * window * clock.lengths).sum(-1))
    return would, jnp.broadcast_to(able[:, 0, 0, :], (groups, n))[:, -1]


def exp_base(log_rate: Array) -> Array:
    """Base rate per day from its log."""
    return jnp.exp(log_rate)
