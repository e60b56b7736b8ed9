"""Which rules carried a difference: what would be left of it if a rule had not noticed.

Every rule that reads something the scenario changes is held at what it would have read without the
scenario, one rule at a time, and the run is repeated. Pushes, abilities and pulls are held as a
whole, also in what they read of beliefs; drifts are held in the news that they hear. Shares need
not add up to one: two rules may be needed together, or stand in for each other.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.numerics import jitted
from nostoi.engine import views
from nostoi.engine.model import Model
from nostoi.engine.rates import Scene
from nostoi.rules.card import Rule
from nostoi.study.horizon import Values
from nostoi.study.stage import THREADS, Scenery, Stage

Array = Any
WAS = "was_"
"""Prefix of the columns as they were without the scenario."""

FELT = ("belief", "rumour")
SAVED = ("wage_ratio", "price_ratio", "cover", "journey_cost")


@dataclass(frozen=True)
class Share:
    """One rule's part in a difference.

    Attributes:
        rule: the rule.
        left: the difference of every draw that is left when the rule does not notice, [draw].
        whole: the whole difference, [draw].
    """

    rule: Rule
    left: Any
    whole: Any

    @property
    def carried(self) -> float:
        """Share of the mean difference that goes with the rule; 0 where there is none."""
        whole = float(np.mean(self.whole))
        return float(np.mean(self.whole - self.left)) / whole if whole else 0.0


class Both(Scene):
    """A scene that also shows its people what they would have seen without the scenario."""

    def __init__(self, model: Model, p: dict[str, Array], before: Scene, slow: Any) -> None:
        """Scene of a model whose columns have twins with the prefix `WAS`."""
        super().__init__(model, p, quiet=before.quiet, slow=slow)
        self.before = before

    def at_home(self, **extra: Any) -> SimpleNamespace:
        """View of people at home, with what they would have felt and paid."""
        return self._with(super().at_home(**extra), self.before.at_home(**extra))

    def abroad(self, steps: Any, with_days: bool) -> SimpleNamespace:
        """View of people in hosts, with what they would have felt and saved."""
        return self._with(super().abroad(steps, with_days), self.before.abroad(steps, with_days))

    def _with(self, now: SimpleNamespace, then: SimpleNamespace) -> SimpleNamespace:
        for space, old in ((now.who, then.who), (now.at, then.at)):
            for name in (*FELT, "savings", "journey_cost"):
                if hasattr(old, name):
                    setattr(space, WAS + name, getattr(old, name))
        return now


def held(rule: Rule, place: int) -> Rule:
    """The rule with a switch: element `place` of p.notices is 1 if it notices the scenario."""

    def text(who: Any, at: Any, now: Any, p: Any) -> Any:
        then = [
            SimpleNamespace(**{n: getattr(space, WAS + n, getattr(space, n)) for n in names})
            for space, names in ((who, rule.columns("who")), (at, rule.columns("at")),
                                 (now, rule.columns("now")))
        ]  # fmt: skip
        new, old = rule.text(who, at, now, p), rule.text(then[0], then[1], then[2], p)
        return jnp.where(p.notices[place] > 0, new, old)

    return replace(rule, text=text)


def readers(model: Model, base: Scenery, other: Scenery) -> tuple[Rule, ...]:
    """Rules that read a column that differs between two worlds, in the order of the page."""
    at = {name for name in base.at if not np.array_equal(base.at[name], other.at[name])}
    now = {name for name in base.now if not np.array_equal(base.now[name], other.now[name])}
    news = [r for r in model.rules if r.kind == "drift" and now & set(r.columns("now"))]
    who = set(FELT) if news else set()
    who |= {"savings"} if at & set(SAVED) else set()
    if now & {"fare"}:
        now |= {"mobilisation"}

    def reads(rule: Rule) -> bool:
        return bool(
            at & set(rule.columns("at"))
            or now & set(rule.columns("now"))
            or who & set(rule.columns("who"))
        )

    return tuple(rule for rule in model.rules if reads(rule) and not views.is_live(rule))


@dataclass(frozen=True)
class Trial:
    """Runs in which single rules do not notice; compiled once for all scenarios of a stage.

    Attributes:
        stage: model and measure; the measure must keep `stock` [rule, date].
        base: the world without any scenario.
        plain: the stage's own compiled run.
    """

    stage: Stage
    base: Scenery
    plain: Any

    @cached_property
    def run(self) -> Any:
        """Function (base, other, values, slow rates, switches) -> what is measured."""
        return _compiled(self.stage)

    def carried(self, other: Scenery, values: Values, draws: int) -> tuple[Share, ...]:
        """What each rule carried of the difference in the stock abroad at the end, largest first.

        Args:
            other: the world with the scenario.
            values: parameter values of the scenario, [draw, ...].
            draws: how many of them are used.
        """
        every = self.stage.model.rules
        rules = readers(self.stage.model, self.base, other)
        n = min(draws, len(next(iter(values.values())))) if rules else 0
        left = np.zeros((len(rules) + 1, n))

        def one(i: int) -> None:
            own = {name: value[i] for name, value in values.items()}
            first, slow = self.plain(self.base, own, self.stage.no_past())
            ground = np.asarray(first["stock"])[0, -1]
            for k, rule in enumerate((None, *rules)):
                notices = np.array([float(one_rule is not rule) for one_rule in every])
                found = self.run(self.base, other, own, slow, notices)
                left[k, i] = np.asarray(found["stock"])[0, -1] - ground

        with ThreadPoolExecutor(THREADS) as crew:
            list(crew.map(one, range(n)))
        shares = [Share(rule, left[k + 1], left[0]) for k, rule in enumerate(rules)]
        return tuple(sorted(shares, key=lambda share: -abs(share.carried)))


def _compiled(stage: Stage) -> Any:
    """Function (base, other, values, slow rates, switches) -> what is measured."""
    switched = tuple(
        rule if views.is_live(rule) else held(rule, k) for k, rule in enumerate(stage.model.rules)
    )

    def run(base: Scenery, other: Scenery, values: Values, slow: Any, notices: Array) -> Any:
        before = stage.scene(base, values)
        at = other.at | {WAS + name: column for name, column in base.at.items()}
        now = other.now | {WAS + name: column for name, column in base.now.items()}
        world = replace(stage.model.world, at=at, now=now)
        model = replace(stage.model, world=world, rules=switched)
        p = model.numbers(values) | {"notices": notices}
        scene = Both(model, p, before, other.slow)
        record, _ = stage.play(scene, other, slow)
        return stage.measure(record, scene)

    return jitted(run)
