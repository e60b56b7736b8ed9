"""Collecting complaints: all of them at once, each with its place and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from nostoi.base.errors import Finding, catalogue
from nostoi.case.quantities import shown

WARNINGS = frozenset({128, 129, 136, 138, 144, 154, 155, 156, 163, *range(191, 200), 413, 414, 421})
"""Numbers that do not stop a case from loading."""

Locate = Callable[[Sequence[int | str]], tuple[int | None, str]]
"""From the path of a value to its line and the name of its column or key."""


@dataclass
class Complaints:
    """A list of findings that grows while a case is read.

    Attributes:
        found: the findings, in the order in which they were made.
        stopping: numbers that stop this reader although they only warn another.
    """

    found: list[Finding] = field(default_factory=list)
    stopping: frozenset[int] = frozenset()

    def add(
        self,
        number: int,
        what: str,
        file: str = "",
        row: int | None = None,
        column: str = "",
        do: str = "",
    ) -> None:
        """Note one complaint; without `do` the remedy of the catalogue is given."""
        warns = number in WARNINGS and number not in self.stopping
        remedy = do or catalogue()[number].remedy
        self.found.append(
            Finding(
                number=number,
                what=what,
                file=file,
                row=row,
                column=column,
                do=remedy,
                severity="warning" if warns else "error",
            )
        )

    @property
    def errors(self) -> list[Finding]:
        """The findings that stop a case from loading."""
        return [finding for finding in self.found if finding.severity == "error"]

    def in_order(self) -> tuple[Finding, ...]:
        """All findings once each, by file and line, errors of a line in the order found."""
        once = dict.fromkeys(self.found)
        return tuple(sorted(once, key=lambda f: (f.file, f.row or 0)))


def near(word: str, known: Collection[str]) -> str:
    """``; did you mean 'KAZ'?`` if some known word is near, else nothing (nor among thousands)."""
    few = sorted(known) if len(known) <= 2000 and len(word) <= 80 else []
    match = get_close_matches(word, few, 1, cutoff=0.6)
    return f"; did you mean {match[0]!r}?" if match else ""


_KINDS = {"string_type": "text", "dict_type": "keys and values", "tuple_type": "a list"}
_RANGE = {
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "multiple_of",
    "too_short",
}


@dataclass(frozen=True)
class Words:
    """What a file calls its parts: its name, its known keys, and whether it is a table."""

    file: str
    keys: Collection[str]
    table: bool = False


def explain(errors: Iterable[Any], words: Words, locate: Locate, out: Complaints) -> None:
    """Turn pydantic's errors into findings with a number, a place and a remedy."""
    for error in errors:
        row, column = locate(error["loc"])
        number, what = _number_of(error, words)
        out.add(number, what, words.file, row, column)


def _number_of(error: Any, words: Words) -> tuple[int, str]:
    """The catalogue's number and the text for one pydantic error."""
    kind: str = error["type"]
    last = str(error["loc"][-1]) if error["loc"] else ""
    if kind.startswith("N") and kind[1:].isdigit():
        return int(kind[1:]), error["msg"]
    if kind == "extra_forbidden":
        return 101, f"unknown key {shown(last)}{near(last, words.keys)}"
    if kind == "missing":
        empty = (106, f"the cell {last!r} is empty")
        return empty if words.table else (102, f"the key {last!r} is missing")
    if kind in _RANGE:
        return 117, f"{shown(error['input'])} is out of range: {_plain(error['msg'])}"
    return _number_of_word(error, kind, last)


def _number_of_word(error: Any, kind: str, last: str) -> tuple[int, str]:
    """Errors about words and blocks."""
    if kind == "literal_error":
        return 107, f"{shown(error['input'])} is not one of {error['ctx']['expected']}"
    if kind == "union_tag_invalid":
        tag = error["ctx"]["tag"]
        return 107, f"{shown(tag)} is not one of {error['ctx']['expected_tags']}"
    if kind == "union_tag_not_found":
        return 102, f"the key {error['ctx']['discriminator']} is missing"
    if kind in _KINDS or kind.startswith(("model", "union")):
        wanted = _KINDS.get(kind, "keys and values")
        return 108, f"{last or 'the file'} should be {wanted}"
    return 109, f"{shown(error['input'])} does not fit: {_plain(error['msg'])}"


def _plain(message: str) -> str:
    """Pydantic's sentence without its capital."""
    return message[:1].lower() + message[1:]
