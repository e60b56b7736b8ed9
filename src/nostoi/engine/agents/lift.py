"""From the texts of the rules to one text that compiles.

A rule says `p.fear * who.belief`. The engine keeps no objects but arrays, so the same text is
written again with each name replaced by its place in an array: `s.p[3] * s.felt[t, 0, g, h + 1]`.
Nothing else of a rule is touched. Rules are then summed (pushes) and multiplied (abilities) by
move, split by what they vary over, so that what many people share is computed once.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.base import streams
from nostoi.engine import purse
from nostoi.engine.agents import blocks, chance, drifts, evening, kernels, slots, vocabulary
from nostoi.engine.agents.own import Span
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

ABROAD = ("go", "on", "pull")
ENTRIES = (
    "fill_tables", "begin_day", "leave_home", "write_leavers", "pass_chunk", "muster",
    "retell",
)  # fmt: skip
APART = ("draw_words", "draw_fours", "draw_luck", "mark", "drift_all", "tell_all")
"""Loops that a processor runs for several people at a time, if nothing else is in their way."""

MATHS = "error_model='numpy', _nrt=False"


@dataclass(frozen=True)
class Layout:
    """Which name stands where: columns of the scene, and (start, length) of parameters.

    A parameter of length 0 is a single number.
    """

    who: tuple[str, ...]
    at: tuple[str, ...]
    home: tuple[str, ...]
    now: tuple[str, ...]
    p: dict[str, tuple[int, int]]
    own: tuple[Span, ...] = ()
    means: tuple[str, ...] = ()
    drawn: bool = True
    at_once: bool = False

    @property
    def personal(self) -> tuple[str, ...]:
        """Names of the personal columns."""
        return tuple(span.name for span in self.own)

    def place(self, owner: str, name: str, move: str) -> str:
        """Expression for `owner.name` in the compiled text; KeyError when there is no such name."""
        local = {name: name for name in ("days", "savings", "newcomers", "peers")}
        felt = {"belief": "s.felt[t, 0, g, h + 1]", "rumour": "s.felt[t, 1, g, h + 1]"}
        if owner in ("p", "now"):
            return self._shared(owner, name)
        if owner == "who" and name in self.personal:
            local[name] = f"s.own[{self.personal.index(name)}][i]"
        elif move == "drift":
            return self._in_drift(owner, name)
        if name in local:
            return local[name]
        if owner == "at":
            there = move in ABROAD
            column = self._column(self.at if there else self.home, name)
            return f"s.at[t, {column}, h]" if there else f"s.home[t, {column}]"
        if name == "been_away":
            return "0.0" if move in ("leave", "call") else "1.0"
        return felt[name] if name in felt else f"s.who[{self._column(self.who, name)}, g]"

    def _shared(self, owner: str, name: str) -> str:
        """Expression for a parameter or a column of the date."""
        if owner == "now":
            return f"s.now[t, {self._column(self.now, name)}]"
        start, size = self.p[name]
        return f"s.p[{start}:{start + size}]" if size else f"s.p[{start}]"

    def _in_drift(self, owner: str, name: str) -> str:
        """Expression in a drift, which acts on people at home (h = -1) and abroad alike."""
        if owner == "who":
            local = {"days": "days", "luck": "luck", "abroad": "there"}
            return local[name] if name in local else f"s.who[{self._column(self.who, name)}, g]"
        if name in self.means:
            return f"day.means[{self.means.index(name)}, h + 1]"
        there, here = self._column(self.at, name), self._column(self.home, name)
        return f"(s.at[t, {there}, h] if h >= 0 else s.home[t, {here}])"

    @staticmethod
    def _column(columns: tuple[str, ...], name: str) -> int:
        if name not in columns:
            raise KeyError(name)
        return columns.index(name)


class _Places(ast.NodeTransformer):
    """Replaces `who.x`, `at.x`, `now.x` and `p.x` by their places in arrays."""

    def __init__(self, owners: dict[str, str], layout: Layout, move: str) -> None:
        self.owners, self.layout, self.move = owners, layout, move
        self.known: dict[str, ast.expr] = {}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The expression behind a name that the rule has assigned."""
        return self.known.get(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """The place of one attribute."""
        if isinstance(node.value, ast.Name) and node.value.id in self.owners:
            place = self.layout.place(self.owners[node.value.id], node.attr, self.move)
            return ast.parse(place, mode="eval").body
        return node


def lift_rule(rule: Rule, layout: Layout, move: str) -> str:
    """The returned expression of one rule for one move, with places for names.

    Raises:
        ValueError: if the rule reads a name that nobody has where the move is made, or is more
            than one expression (assignments before the return are put in their place).
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.text)))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    given = [argument.arg for argument in function.args.args]
    places = _Places(dict(zip(given, ("who", "at", "now", "p"), strict=True)), layout, move)
    for node in function.body:
        try:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                places.known[node.targets[0].id] = places.visit(node.value)
            elif isinstance(node, ast.Return) and node.value is not None:
                return f"({ast.unparse(places.visit(node.value))})"
            elif not isinstance(node, ast.Expr):
                break
        except KeyError as error:
            what = f"rule {rule.name} reads {error} for {move}, which has none"
            raise ValueError(what) from None
    raise ValueError(f"rule {rule.name} must assign names and return one expression")


def part_of(rule: Rule, personal: tuple[str, ...] = ()) -> str:
    """What a rule varies over: cell (date, group, place), days as well, or the single person."""
    mine = set(rule.columns("who"))
    if {"savings", *personal} & mine or ("days" in mine and mine - {"days", "been_away"}):
        return "person"
    return "days" if "days" in mine else "cell"


def rules_text(rules: tuple[Rule, ...], layout: Layout) -> str:
    """The slots, each with the expressions of the rules that fill it."""
    filled: dict[str, str] = {}
    for short, move in slots.MOVES.items():
        for part in slots.PARTS:
            chosen = tuple(rule for rule in rules if part_of(rule, layout.personal) == part)
            pushes = _lifted(rules_of(move, "push", chosen), layout, short)
            factors = [f"math.exp({' + '.join(pushes)})"] if pushes else []
            factors += _lifted(rules_of(move, "able", chosen), layout, short)
            filled[f"{short}_{part}"] = " * ".join(factors)
    pulls = rules_of("choose", "pull", rules)
    live = tuple(rule for rule in pulls if {"newcomers", "peers"} & set(rule.columns("at")))
    still = tuple(rule for rule in pulls if rule not in live)
    filled["pull_cell"] = " + ".join(_lifted(still, layout, "pull"))
    filled["pull_live"] = " + ".join(_lifted(live, layout, "pull"))
    return "\n\n".join(_slot(name, filled[name]) for name in slots.names())


def _lifted(rules: Iterable[Rule], layout: Layout, short: str) -> list[str]:
    return [lift_rule(rule, layout, short) for rule in rules]


def _slot(name: str, value: str) -> str:
    if not value:
        return slots.neutral(name)
    return f"def {name}({', '.join(slots.ARGUMENTS)}):\n    return {value}\n"


def functions_of(module: Any, names: tuple[str, ...] = ()) -> list[Callable[..., Any]]:
    """Functions that a module defines itself, in the order of its text."""
    found = [f for f in vars(module).values() if inspect.isfunction(f)]
    own = [f for f in found if f.__module__ == module.__name__]
    return [f for f in own if not names or f.__name__ in names]


def constants_of(functions: Iterable[Callable[..., Any]]) -> dict[str, str]:
    """Texts of the plain numbers and tuples of numbers that functions read from their modules."""
    found: dict[str, str] = {}
    for function in functions:
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            text = _plain(value)
            if text and found.setdefault(name, text) != text:
                raise ValueError(f"two constants have the name {name}")
    return found


def _plain(value: Any) -> str:
    """Text of a plain number or tuple of numbers; empty for anything else."""
    if isinstance(value, np.uint64):
        return f"np.uint64({int(value)})"
    if isinstance(value, tuple) and value and all(isinstance(v, int | float) for v in value):
        return repr(value)
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _compiled(text: str) -> str:
    """The text with a line before each function that has it compiled.

    What the engine calls is kept between runs; all else is poured into it: handing some thirty
    arrays from one function to the next would cost more than the work.
    """
    lines = []
    for line in text.split("\n"):
        if line.startswith("def "):
            name = line[4:].split("(")[0]
            how = "cache" if name in ENTRIES + APART else "forceinline"
            lines.append(f"@njit(nogil=True, {how}=True, {MATHS})")
        lines.append(line)
    return "\n".join(lines)


def assemble(rules: tuple[Rule, ...], layout: Layout) -> str:
    """Text of a module with the kernels, compiled for a set of rules."""
    fixed = [
        *functions_of(streams, ("philox", "share_of", "two_uniforms")),
        *functions_of(vocabulary),
        *functions_of(purse, ("savings_left",)),
        *functions_of(chance),
        *functions_of(evening, ("stand", "cell_of", "place_in")),
    ]
    kernel = [*functions_of(kernels), *functions_of(blocks)]
    constants = constants_of([*fixed, *kernel, *(rule.text for rule in rules)])
    own = drifts.write(rules, layout)
    constants |= own.constants
    texts = [textwrap.dedent(inspect.getsource(f)) for f in fixed]
    texts += [rules_text(rules, layout), own.text]
    texts += [textwrap.dedent(inspect.getsource(f)) for f in kernel]
    body = "\n\n".join(_compiled(text) for text in texts)
    head = ['"""Written by nostoi.engine.agents.lift; do not edit."""']
    head += ["import math", "from typing import Any", "import numpy as np"]
    head += ["from nostoi.base.vectors import njit", "Word = Any"]
    head += [f"{name} = {text}" for name, text in sorted(constants.items())]
    return "\n".join(head) + "\n\n" + body + "\n"
