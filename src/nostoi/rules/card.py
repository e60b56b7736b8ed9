"""A rule and its card: what it moves, in which unit, and who says so.

A rule is a scalar function of one person (`who`), the place (`at`), the date (`now`) and the
parameters (`p`). Decorators add the card; nothing is registered behind the scenes: the page
`moves.py` lists every rule of the model.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["push", "able", "pull", "drift", "mean", "hop"]
Text = Callable[[Any, Any, Any, Any], Any]
"""The text of a rule: (who, at, now, p) -> number."""


@dataclass(frozen=True)
class Rule:
    """One mechanism with its card.

    Attributes:
        name: the function's name.
        kind: push (log rate), able (share 0..1), pull (log weight of a place), drift, mean, or hop
            (a step of movement over a network, see `rules/hop`).
        moves: moves it acts on; for a drift, the column that it drives; for a mean, its name.
        unit: unit of the returned number.
        source: who says so.
        part: part of the system in DESIGN section 1, such as "S9".
        says: first sentence of the docstring.
        text: the scalar function itself.
        reads: names read, such as ("who.belief", "p.fear").
    """

    name: str
    kind: Kind
    moves: tuple[str, ...]
    unit: str
    source: str
    part: str
    says: str
    text: Text
    reads: tuple[str, ...]

    def __call__(self, who: Any, at: Any, now: Any, p: Any) -> Any:
        """Value of the rule for one row (or for arrays of rows)."""
        return self.text(who, at, now, p)

    def columns(self, owner: str) -> tuple[str, ...]:
        """Names that the rule reads of `who`, `at`, `now` or `p`."""
        prefix = owner + "."
        return tuple(read[len(prefix) :] for read in self.reads if read.startswith(prefix))


def _reads(text: Text) -> tuple[str, ...]:
    """Attribute names of the four arguments that the source of a rule mentions, in order."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(text)))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    given = {a.arg: a.arg for a in function.args.args}
    found: dict[str, None] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = given.get(node.value.id)
            if owner:
                found[f"{owner}.{node.attr}"] = None
    return tuple(found)


def _decorator(kind: Kind, moves: tuple[str, ...], **card: str) -> Callable[[Text], Rule]:
    """Decorator that wraps a rule's text with its card; refuses a rule without a sentence."""

    def wrap(text: Text) -> Rule:
        says = (inspect.getdoc(text) or "").split("\n\n")[0].replace("\n", " ")
        name = getattr(text, "__name__", "rule")
        if not says:
            raise ValueError(f"rule {name} has no sentence that says what it means")
        return Rule(name, kind, moves, text=text, says=says, reads=_reads(text), **card)

    return wrap


def push(*moves: str, unit: str = "log rate", source: str, part: str) -> Callable[[Text], Rule]:
    """A reason that makes a move sooner or later: adds to the log rate (would)."""
    return _decorator("push", moves, unit=unit, source=source, part=part)


def able(*moves: str, unit: str = "share 0..1", source: str, part: str) -> Callable[[Text], Rule]:
    """A condition of a move: the share who could; multiplies the rate (could)."""
    return _decorator("able", moves, unit=unit, source=source, part=part)


def pull(unit: str = "log weight", *, source: str, part: str) -> Callable[[Text], Rule]:
    """What draws a leaver to one place rather than another: adds to its log weight."""
    return _decorator("pull", ("choose",), unit=unit, source=source, part=part)


def drift(*columns: str, unit: str = "per day", source: str, part: str) -> Callable[[Text], Rule]:
    """What moves a column of a person from day to day: a rate per day."""
    return _decorator("drift", columns, unit=unit, source=source, part=part)


def mean(name: str, unit: str = "share 0..1", *, source: str, part: str) -> Callable[[Text], Rule]:
    """What a place knows of its people: the mean of this over those there last evening."""
    return _decorator("mean", (name,), unit=unit, source=source, part=part)


def hop(step: str, *, unit: str, source: str, part: str) -> Callable[[Text], Rule]:
    """A step of movement over a network: a chance, a weight or a share."""
    return _decorator("hop", (step,), unit=unit, source=source, part=part)
