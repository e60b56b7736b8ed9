"""Lifted rules say what the rules say; bounds bound; odd rules are refused."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nostoi.base import maths
from nostoi.engine.agents import vocabulary
from nostoi.engine.agents.bounds import Interval, most
from nostoi.engine.agents.lift import Layout, lift_rule, part_of, rules_text
from nostoi.engine.agents.slots import MOVES
from nostoi.rules.card import Rule, push
from nostoi.rules.moves import RULES, rules_of

NUMBERS = st.floats(-50.0, 50.0)
NAMES = {owner: sorted({n for r in RULES for n in r.columns(owner)}) for owner in
         ("who", "at", "now", "p")}  # fmt: skip
VECTORS = {"longing": 7, "passing": 4}


def layout() -> Layout:
    """Every name that a rule reads, one after the other."""
    offsets, start = {}, 0
    for name in NAMES["p"]:
        size = VECTORS.get(name, 0)
        offsets[name] = (start, size)
        start += max(size, 1)
    who, at, now = (tuple(NAMES[owner]) for owner in ("who", "at", "now"))
    return Layout(who, at, at, now, offsets)


@given(NUMBERS, st.floats(0.01, 30.0))
def test_the_vocabulary_is_that_of_the_rules(x: float, y: float) -> None:
    for name in ("exp", "logistic"):
        assert getattr(vocabulary, name)(x) == getattr(maths, name)(x)
    assert vocabulary.log(y) == maths.log(y)
    assert vocabulary.log1p(y) == maths.log1p(y)
    assert vocabulary.hump(y, 7.0) == maths.hump(y, 7.0)
    assert vocabulary.clip(x, -1.0, y) == maths.clip(x, -1.0, y)
    assert vocabulary.where(x > 0, x, y) == maths.where(x > 0, x, y)
    knots, heights = (0.0, 2.0, 9.0), (x, y, -x)
    assert vocabulary.profile(y, knots, heights) == maths.profile(y, knots, heights)
    assert set(maths.VOCABULARY) <= set(vars(vocabulary))


PAIRS = [(short, rule) for short, move in MOVES.items() for kind in ("push", "able")
         for rule in rules_of(move, kind)]  # fmt: skip
PAIRS += [("pull", rule) for rule in rules_of("choose", "pull")]


@pytest.mark.parametrize(("short", "rule"), PAIRS, ids=lambda x: getattr(x, "name", x))
def test_a_lifted_rule_is_the_rule(short: str, rule: Rule) -> None:
    """The same number from arrays as from names, to the last bit."""
    rng, lay = np.random.default_rng(3), layout()
    columns = {owner: rng.uniform(0.1, 0.9, len(NAMES[owner])) for owner in ("who", "at", "now")}
    numbers = rng.uniform(0.1, 0.9, sum(max(n, 1) for _, n in lay.p.values()))
    felt = np.full((1, 2, 1, 2), 0.5)
    scene = SimpleNamespace(
        who=columns["who"][:, None], at=columns["at"][None, :, None], home=columns["at"][None, :],
        now=columns["now"][None, :], p=numbers, felt=felt,
    )  # fmt: skip
    who, at, now = (dict(zip(NAMES[o], columns[o], strict=True)) for o in ("who", "at", "now"))
    local = {"days": 40.0, "savings": 1.3}
    away = 0.0 if short in ("leave", "call") else 1.0
    who |= {**local, "belief": 0.5, "rumour": 0.5, "been_away": away}
    at["newcomers"] = 700.0
    p = {n: numbers[a : a + size] if size else numbers[a] for n, (a, size) in lay.p.items()}
    views = (SimpleNamespace(**part) for part in (who, at, now, p))
    wanted = rule(*views)
    scope: dict[str, Any] = {**vars(vocabulary), **rule.text.__globals__, **vars(vocabulary)}
    scope |= {"s": scene, "t": 0, "g": 0, "h": 0, "newcomers": 700.0, **local}
    found = eval(lift_rule(rule, lay, short), scope)  # noqa: S307 (our own text)
    assert found == pytest.approx(wanted, rel=1e-15)


def test_the_parts_of_the_page() -> None:
    parts = {rule.name: part_of(rule) for rule in RULES}
    assert [n for n, part in parts.items() if part == "person"] == ["can_pay", "money_gone"]
    days = [n for n, part in parts.items() if part == "days"]
    assert "longing" in days
    assert "papers_elsewhere" in days
    text = rules_text(RULES, layout())
    assert text.count("def ") == 17


def test_a_rule_may_only_read_what_is_there() -> None:
    @push("leave", source="test", part="test")
    def odd(who: Any, at: Any, now: Any, p: Any) -> Any:
        """Reads a name that nobody has."""
        return who.shoe_size

    @push("leave", source="test", part="test")
    def long(who: Any, at: Any, now: Any, p: Any) -> Any:
        """Has a branch, which the vocabulary forbids."""
        if who.exposure > 1:
            return 1.0
        return 0.0

    with pytest.raises(ValueError, match="shoe_size"):
        lift_rule(odd, layout(), "leave")
    with pytest.raises(ValueError, match="one expression"):
        lift_rule(long, layout(), "leave")


@given(st.floats(-3.0, 1e6), st.floats(0.0, 3.0))
def test_a_bound_is_never_below_a_person(savings: float, hardship: float) -> None:
    columns = {
        "who": dict.fromkeys(NAMES["who"], 0.5),
        "at": dict.fromkeys(NAMES["at"], 0.5),
        "now": dict.fromkeys(NAMES["now"], 1.0),
        "p": {**dict.fromkeys(NAMES["p"], 1.0), "hardship": hardship},
    }
    bound = most(RULES, columns, 800.0)
    person = math.exp(hardship * maths.logistic(2.0 * (0.5 - savings)))
    assert person <= bound[list(MOVES).index("go")] <= math.exp(hardship) * 1.001
    assert bound[0] == pytest.approx(1.0, rel=1e-6)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.floats(0, 1), st.floats(0, 1))
def test_intervals_keep_their_values(
    a: float, b: float, c: float, d: float, u: float, v: float
) -> None:
    one, two = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    x, y = one.low + u * (one.high - one.low), two.low + v * (two.high - two.low)
    for found, value in (
        (one + two, x + y), (one - two, x - y), (2.0 - one, 2.0 - x), (one * two, x * y),
        (-one, -x), (maths.exp(one), math.exp(x)), (maths.clip(one, -1, 1), min(max(x, -1), 1)),
        (maths.logistic(one), maths.logistic(x)), (one / Interval(2.0, 3.0), x / 2.5),
    ):  # fmt: skip
        slack = 1e-9 * (1 + abs(value))
        assert found.low - slack <= value <= found.high + slack
