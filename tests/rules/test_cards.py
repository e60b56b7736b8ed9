"""Cards, words and numbers of the rules: nothing unexplained, nothing left over."""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path

import numpy as np
import pytest

from nostoi.base.maths import VOCABULARY
from nostoi.rules import moves
from nostoi.rules.card import Rule, push
from nostoi.rules.moves import MOVES, RULES, choose_rules, rules_of
from nostoi.rules.params import Pack, Param, shipped, sized

SHIPPED = {param.name: param for param in shipped()}
NOT_READ_BY_RULES = {move.base for move in MOVES} | {"reach_abroad"}
WHAT_IF = {"amnesty"}
"""Parameters that no evidence speaks of: held in a fit, uncertain in scenarios."""

DRIVEN = {
    "rumour_seed", "rumour_hear", "rumour_stop", "rumour_forget",
    "belief_up", "belief_down", "belief_floor",
}  # fmt: skip
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
PLAIN = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Expr, ast.Constant,
    ast.BinOp, ast.UnaryOp, ast.Call, ast.Attribute, ast.Name, ast.Load, ast.Store, ast.Assign,
    ast.Tuple, ast.operator, ast.unaryop,
)  # fmt: skip


def tree_of(rule: Rule) -> ast.FunctionDef:
    """The function of a rule without its decorator."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.text)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    return function


@each_rule
def test_rule_calls_only_the_vocabulary(rule: Rule) -> None:
    calls = [node for node in ast.walk(tree_of(rule)) if isinstance(node, ast.Call)]
    assert {ast.unparse(call.func) for call in calls} <= set(VOCABULARY)


@each_rule
def test_rule_is_plain_arithmetic(rule: Rule) -> None:
    """No branches, loops or comparisons: what holds for one person holds for arrays."""
    assert [n for n in ast.walk(tree_of(rule)) if not isinstance(n, PLAIN)] == []


@each_rule
def test_card_is_complete(rule: Rule) -> None:
    assert rule.source.strip()
    assert rule.unit in ("log rate", "log weight", "share 0..1", "per day", "share per day")
    assert rule.part == "unexplained" or (rule.part[0] == "S" and 1 <= int(rule.part[1:]) <= 16)
    assert rule.says.endswith(".")


@each_rule
def test_rule_acts_on_something_that_exists(rule: Rule) -> None:
    known = {"drift": DRIVEN, "pull": {"choose"}}.get(rule.kind, {move.name for move in MOVES})
    assert set(rule.moves) <= known


@each_rule
def test_rule_reads_shipped_numbers(rule: Rule) -> None:
    assert set(rule.columns("p")) <= set(SHIPPED)


def test_every_shipped_number_is_read() -> None:
    """By a rule as p.name, or, for an effect with an axis, as a column of that name."""
    read = {name for rule in RULES for name in rule.columns("p")}
    columns = {
        name for rule in RULES for owner in ("who", "at", "now") for name in rule.columns(owner)
    }
    effects = {name for name, param in SHIPPED.items() if param.dims and name in columns}
    assert set(SHIPPED) - NOT_READ_BY_RULES - read - effects == set()


def test_numbers_have_unit_source_and_meaning() -> None:
    assert len(SHIPPED) == len(shipped())
    for param in shipped():
        assert param.unit and param.source and param.meaning and param.part, param.name
        held = param.kind == "fixed"
        assert held == (param.sd == 0) or param.name in WHAT_IF, param.name


def test_every_rule_file_is_on_the_page() -> None:
    folder = Path(moves.__file__).parent
    names = {
        node.name
        for path in folder.glob("*.py")
        if path.stem not in ("__init__", "card", "params", "moves")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert names == {rule.name for rule in RULES}
    assert len(RULES) == len(names)


def test_choosing_rules_keeps_the_order_of_the_page() -> None:
    assert choose_rules(None) == RULES
    chosen = choose_rules(("leaning", "panic"))
    assert [rule.name for rule in chosen] == ["panic", "leaning"]
    assert [rule.name for rule in rules_of("leave", "push", chosen)] == ["panic", "leaning"]
    assert rules_of("go_home", "push", chosen) == ()


def test_a_rule_without_a_sentence_is_refused() -> None:
    def silent(who: object, at: object, now: object, p: object) -> float:
        return 0.0

    with pytest.raises(ValueError, match="silent has no sentence"):
        push("leave", source="nobody", part="S1")(silent)


def param(kind: str, value: float, sd: float) -> Param:
    """A parameter of one number."""
    return Param("a", "", kind, (value,), sd, "u", "s", "m")  # type: ignore[arg-type]


def test_unit_scale_unknowns_become_natural_numbers() -> None:
    """By hand: normal 1 + 2z, log 2 exp(z / 2), logit of 0.5 moves by z, fixed stays."""
    z = np.array([1.0])
    assert param("normal", 1.0, 2.0).value_of(z, np) == pytest.approx([3.0])
    assert param("log", 2.0, 0.5).value_of(z, np) == pytest.approx([3.2974425414])
    assert param("logit", 0.5, 1.0).value_of(z, np) == pytest.approx([0.7310585786])
    assert param("fixed", 4.0, 0.0).value_of(z[:0], np) == pytest.approx([4.0])
    walk = sized(Param("w", "knot", "walk", (0.0,), 0.5, "u", "s", "m"), {"knot": 3})
    found = walk.value_of(np.array([1.0, 1.0, -2.0]), np)
    np.testing.assert_allclose(found, [0.5, 1.0, 0.0])
    pack = Pack((param("normal", 1.0, 2.0), param("fixed", 4.0, 0.0), walk))
    assert (pack.dim, pack.labels()) == (4, ("a", "w[0]", "w[1]", "w[2]"))


def test_spread_is_the_90_percent_range() -> None:
    low, high = param("normal", 1.0, 2.0).spread()
    assert (low, high) == pytest.approx((-2.28970725, 4.28970725))
    low, high = param("log", 2.0, 0.5).spread()
    assert low * high == pytest.approx(4.0)
    low, high = param("logit", 0.5, 1.0).spread()
    assert low + high == pytest.approx(1.0)
    assert param("fixed", 4.0, 0.0).spread() == (4.0, 4.0)


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 elements"):
        sized(Param("w", "knot", "normal", (0.0, 1.0), 0.5, "u", "s", "m"), {"knot": 3})
