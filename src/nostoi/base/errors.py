"""Complaints with a number, a place and a remedy.

A program that refuses an input owes its reader three things: what is wrong, where, and what to do.
`Finding` holds one such complaint, `NostoiError` carries any number of them at once, and
`errors.csv` beside this file explains every number. The first digit is the floor that speaks:
1 case, 2 rules, 3 engine, 4 observers and evidence, 5 inference, 6 study, 7 present, 8 app,
9 privacy.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: its number, what is wrong, where, and what to do about it.

    `row` is the line of the file as an editor counts it (the header of a table is line 1);
    `column` is a column's name, or the path of a YAML key such as ``clock.step``.
    """

    number: int
    what: str
    file: str = ""
    row: int | None = None
    column: str = ""
    do: str = ""
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """The place as ``file:row:column``; parts that are not known are left out."""
        row = "" if self.row is None else str(self.row)
        return ":".join(part for part in (self.file, row, self.column) if part)

    def text(self) -> str:
        """The complaint for a reader: one line, then where and what to do if known."""
        word = "" if self.severity == "error" else "(warning) "
        lines = [f"N{self.number} {word}{self.what}"]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.do:
            lines.append(f"  do:    {self.do}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int | None]:
        """The complaint for a machine; the keys are stable (see docs/json-output.md)."""
        return {
            "number": self.number,
            "severity": self.severity,
            "what": self.what,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "do": self.do,
        }


class NostoiError(Exception):
    """Something that the user can mend: holds all findings at once, in the order found."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings; the message shows all of them, counted when there are several."""
        self.findings: tuple[Finding, ...] = findings
        super().__init__(*findings)

    def __str__(self) -> str:
        """All findings as text; with several, each is headed ``k of n``."""
        return as_text(self.findings)


def as_text(findings: Sequence[Finding], limit: int = 200) -> str:
    """Findings one below the other; with several, each is headed ``k of n``.

    After `limit` findings it only says how many more there are: a table with a wrong column of a
    hundred thousand rows needs no hundred thousand lines.
    """
    total = len(findings)
    if total == 1:
        return findings[0].text()
    lines = [f"{k} of {total}: {f.text()}" for k, f in enumerate(findings[:limit], 1)]
    return "\n".join([*lines, f"... and {total - limit} more"] if total > limit else lines)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the catalogue says of one number: a title, its meaning, and the usual remedy."""

    number: int
    title: str
    meaning: str
    remedy: str


@cache
def catalogue() -> Mapping[int, CatalogueEntry]:
    """Every number that Nostoi can utter, from `errors.csv`, in rising order."""
    text = resources.files("nostoi.base").joinpath("errors.csv").read_text(encoding="utf-8")
    entries = (
        CatalogueEntry(int(row["number"]), row["title"], row["meaning"], row["remedy"])
        for row in csv.DictReader(text.splitlines())
    )
    return MappingProxyType({entry.number: entry for entry in entries})
