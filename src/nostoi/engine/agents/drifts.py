"""Texts of what changes personal columns: jumps, drifts, and what moves do to them.

The part of an expression that reads nothing personal is the same for all people of a cell; it is
cut out, computed once a day and cell, and read from a table.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nostoi.engine.agents import slots
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

if TYPE_CHECKING:
    from nostoi.engine.agents.lift import Layout

UNIT = 1 << 30
"""Means are summed in whole numbers of 1 / UNIT, so that no order of adding can matter."""

PERSONAL = ("days", "luck")
FREE = ("math", "np", "exp", "log", "log1p", "where", "clip", "logistic", "hump", "profile")


@dataclass(frozen=True)
class Written:
    """The text, and the constants that say how much of everything is in it."""

    text: str
    constants: dict[str, str]


class _Terms(ast.NodeTransformer):
    """Cuts out what people of a cell share."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit(self, node: ast.AST) -> ast.AST:
        """The node, or the place in the table where its value stands."""
        if not isinstance(node, ast.expr):
            return self.generic_visit(node)
        if not _names_in(node) - set(FREE):
            return node
        if _is_personal(node):
            # `s.own[0][i]` is a whole; what stands inside it is no term of its own.
            return node if _is_column(node) else self.generic_visit(node)
        text = ast.unparse(node)
        if text not in self.found:
            self.found.append(text)
        place = f"day.terms[{self.found.index(text)}, c]"
        return ast.parse(place, mode="eval").body


def _is_column(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node).startswith("s.own[")


def _is_personal(node: ast.AST) -> bool:
    every = list(ast.walk(node))
    return any(_is_column(n) or (isinstance(n, ast.Name) and n.id in PERSONAL) for n in every)


def drifts_of(rules: tuple[Rule, ...], name: str, by_luck: bool) -> tuple[Rule, ...]:
    """Drifts of a column: those that read the person's luck, or the others."""
    every = rules_of(name, "drift", rules)
    return tuple(rule for rule in every if ("luck" in rule.columns("who")) == by_luck)


def write(rules: tuple[Rule, ...], layout: Layout) -> Written:
    """The functions that fill the slots of personal columns."""
    terms = _Terms()
    parts = []
    counts = {}
    for slot, by_luck in (("jump", True), ("drift", False)):
        steps = {k: drifts_of(rules, span.name, by_luck) for k, span in enumerate(layout.own)}
        sums = {k: _sum(chosen, layout, "drift") for k, chosen in steps.items() if chosen}
        cut = {k: _cut(terms, text) for k, text in sums.items()}
        if by_luck:
            parts.append(_function("jump(s, day, t, i, c, days, luck)", _updates(cut, layout)))
        else:
            parts.append(
                _for_each("drift_all(cell, since, own, terms, t)", _updates(cut, layout), terms)
            )
        counts[slot.upper() + "S"] = len(cut)
    told = {k: _sum(rules_of(name, "mean", rules), layout, "drift")
            for k, name in enumerate(layout.means)}  # fmt: skip
    tell = [
        f"counts.sums[{k}, lane, c] += sign * np.int64({UNIT}.0 * {_cut(terms, text)})"
        for k, text in told.items()
    ]
    parts.append(_function("tell(s, day, counts, t, i, c, lane, sign)", tell))
    head, every = "tell_all(cell, since, own, terms, sums, t)", [_every(line) for line in tell]
    parts.append(_for_each(head, every, terms))
    names = "".join(f"s.own[{k}][start:stop], " for k in range(len(layout.own)))
    parts.append(_function("own_of(s, start, stop)", [f"return ({names})"]))
    for short, move in slots.MOVES.items():
        if short != "call":
            parts.append(
                _function(f"after_{short}(s, t, g, h, i)", _after(rules, layout, short, move))
            )
    filled = [f"day.terms[{j}, c] = {text}" for j, text in enumerate(terms.found)]
    parts.append(_function("fill_terms(s, day, t, g, h, c, there)", filled))
    counts |= {"TERMS": len(filled), "MEANS": len(told)}
    counts |= {"DRAWN": int(layout.drawn), "AT_ONCE": int(layout.at_once)}
    counts["FOURS"] = int(bool(layout.own))
    return Written("\n\n".join(parts), {name: str(n) for name, n in counts.items()})


def _sum(rules: Iterable[Rule], layout: Layout, move: str) -> str:
    from nostoi.engine.agents.lift import lift_rule

    return " + ".join(lift_rule(rule, layout, move) for rule in rules)


def _cut(terms: _Terms, text: str) -> str:
    return ast.unparse(terms.visit(ast.parse(text, mode="eval").body))


def _updates(changes: dict[int, str], layout: Layout) -> list[str]:
    """All new values first, so that each drift reads the others' old ones."""
    lines = []
    for k, change in changes.items():
        value = f"s.own[{k}][i] + ({change})"
        low, high = layout.own[k].low, layout.own[k].high
        value = f"max({value}, {low!r})" if math.isfinite(low) else value
        value = f"min({value}, {high!r})" if math.isfinite(high) else value
        lines.append(f"new_{k} = {value}")
    return lines + [f"s.own[{k}][i] = new_{k}" for k in changes]


def _after(rules: tuple[Rule, ...], layout: Layout, short: str, move: str) -> list[str]:
    """What a move does to the columns of the person who makes it."""
    steps = {k: rules_of(f"{span.name}.{move}", "drift", rules)
             for k, span in enumerate(layout.own)}  # fmt: skip
    changes = {k: _sum(chosen, layout, short) for k, chosen in steps.items() if chosen}
    return _updates(changes, layout)


def _every(line: str) -> str:
    """The line that tells of one person, for the loop over all of a block."""
    return (
        line.replace("counts.sums[", "sums[")
        .replace(", lane, c]", ", i & 3, c]")
        .replace("sign * ", "")
    )


def _for_each(head: str, lines: list[str], terms: _Terms) -> str:
    """A loop over all people of a block with nothing else in it, as tight as it can be.

    Rows count from 0, so that no index can be negative; only what the text reads is handed over,
    and what is the same for all cells is read once.
    """
    body = ["c = cell[i]", "days = float(t - since[i])", *lines]
    texts = [line.replace("s.own[", "own[").replace("day.terms[", "terms[") for line in body]
    before = []
    for j, term in enumerate(terms.found):
        if not {"g", "h", "there"} & _names_in(ast.parse(term)):
            texts = [text.replace(f"terms[{j}, c]", f"same_{j}") for text in texts]
            before.append(f"same_{j} = terms[{j}, 0]")
    loop = ["for i in range(len(cell)):", *(f"    {text}" for text in texts)]
    return _function(head, before + loop)


def _names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _function(head: str, lines: list[str]) -> str:
    return "\n".join([f"def {head}:", *(f"    {line}" for line in lines or ["pass"])]) + "\n"
