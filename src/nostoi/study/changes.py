"""Single changes under which a life is lived again: of the person, or of the world around."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nostoi.case.case import Case
from nostoi.engine.agents.scene import mean_fields
from nostoi.study.again import Around
from nostoi.study.life import Life

CHEAPER = 0.5
"""Cost of every journey against that of the case, in the change `cheaper_journey`."""


@dataclass(frozen=True)
class Change:
    """One change and what it means.

    Attributes:
        name: key, stable for machines.
        says: in plain words.
    """

    name: str
    says: str


@dataclass(frozen=True)
class LeftOut:
    """A change that cannot be made here, and why."""

    name: str
    why: str


def of_person(case: Case, life: Life) -> list[tuple[Change, Life]]:
    """The person with one thing changed: savings doubled or halved, each other group."""
    found = [
        (Change("savings_doubled", "twice the savings"), replace(life, savings=2 * life.savings)),
        (Change("savings_halved", "half the savings"), replace(life, savings=life.savings / 2)),
    ]
    for g, (name, group) in enumerate(case.groups.items()):
        if g != life.group:
            change = Change(f"group_{name}", f"one of the {group.label}, with the same savings")
            found.append((change, replace(life, group=g)))
    return found


def of_world(case: Case, around: Around) -> tuple[list[tuple[Change, Around]], list[LeftOut]]:
    """The world with one thing changed, and the changes that this case cannot make."""
    found: list[tuple[Change, Around]] = []
    left_out: list[LeftOut] = []
    for name, make in MAKERS.items():
        made = make(case, around)
        if isinstance(made, str):
            left_out.append(LeftOut(name, made))
        else:
            says, changed = made
            found.append((Change(name, says), _with_fields(around, changed)))
    return found, left_out


Made = tuple[str, Around] | str
"""What a change says and the changed surroundings; or why it cannot be made."""


def _with_fields(before: Around, after: Around) -> Around:
    """Belief and rumour under a change that they may read."""
    fields = mean_fields(after.model, after.values)
    same = all(
        np.array_equal(getattr(fields, name), getattr(before.fields, name))
        for name in ("belief", "rumour")
    )
    return after if same else replace(after, fields=fields)


def _now(around: Around, **columns: Any) -> Around:
    """With columns of the date replaced."""
    world = around.model.world
    changed = replace(world, now=world.now | columns)
    return replace(around, model=replace(around.model, world=changed))


def _no_decree(case: Case, around: Around) -> Made:
    """As if no call-up had ever been ordered."""
    now = around.model.world.now
    if not now["mobilisation"].any():
        return "no call-up is ordered in this case"
    zero = np.zeros_like(now["decree"])
    quiet = {"mobilisation": zero, "decree": zero, "call_rate": zero, "fare": zero + 1.0}
    return "no call-up ordered at all", _now(around, **quiet)


def _decree_ended(case: Case, around: Around) -> Made:
    """As if the order had been lifted in form on the day on which it was said to be over."""
    said = [s for s in case.signals if s.kind == "decree_status" and s.strength < 0]
    ordered = [s.date for s in case.signals if s.kind == "mobilisation" and s.strength > 0]
    after = [s for s in said if ordered and s.date >= min(ordered)]
    if not after:
        return "nobody said that an order was over"
    day = min(after, key=lambda s: (s.strength, s.date)).date
    clock, decree = around.model.world.clock, around.model.world.now["decree"].copy()
    decree[clock.step(day) :] = 0.0
    return f"the order formally lifted on {day}", _now(around, decree=decree)


def _no_rumours(case: Case, around: Around) -> Made:
    """As if nobody had spread rumours."""
    now = around.model.world.now
    if not (now["rumour"].any() or now["sowing"].any()):
        return "there are no rumours in this case"
    zero = np.zeros_like(now["rumour"])
    return "no rumours", _now(around, rumour=zero, sowing=zero)


def _no_fear(case: Case, around: Around) -> Made:
    """As if the belief in a call-up moved nobody."""
    return _without(around, "who", "belief", "what people believe of a call-up moves nobody")


def _no_clock(case: Case, around: Around) -> Made:
    """As if everybody could stay as long as they like."""
    return _without(around, "at", "stay_days", "no limit to the days allowed without papers")


def _without(around: Around, owner: str, column: str, says: str) -> Made:
    """Without the rules that read a column."""
    rules = tuple(r for r in around.model.rules if column not in r.columns(owner))
    if len(rules) == len(around.model.rules):
        return f"no rule of this case reads {owner}.{column}"
    return says, replace(around, model=replace(around.model, rules=rules))


def _cheaper(case: Case, around: Around) -> Made:
    """As if every journey cost half."""
    world = around.model.world
    at = world.at | {"journey_cost": world.at["journey_cost"] * CHEAPER}
    changed = replace(around.model, world=replace(world, at=at))
    return "journeys at half the price", replace(around, model=changed)


def _no_longing(case: Case, around: Around) -> Made:
    """As if the time away did not change the wish to go home."""
    longing = np.asarray(around.values["longing"])
    if not (longing - longing[0]).any():
        return "the wish to go home does not change with time under these parameters"
    values = dict(around.values) | {"longing": np.zeros_like(longing)}
    return "no homesickness: time away does not matter", replace(around, values=values)


MAKERS: dict[str, Callable[[Case, Around], Made]] = {
    "no_decree": _no_decree,
    "decree_ended": _decree_ended,
    "no_rumours": _no_rumours,
    "no_fear": _no_fear,
    "no_limit_of_stay": _no_clock,
    "cheaper_journey": _cheaper,
    "no_homesickness": _no_longing,
}
"""Changes of the world, in the order of the page."""


def names(changes: Iterable[tuple[Change, Any]]) -> list[str]:
    """Keys of changes."""
    return [change.name for change, _ in changes]
