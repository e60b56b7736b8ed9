"""Scenarios as they stand in files, and whether several of them can hold together.

Several scenarios are one set of changes. Where two of them touch the same thing on the same day the
set is refused, so that the order in which they are named cannot matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nostoi.base.errors import Finding, NostoiError, catalogue
from nostoi.case.complaints import Complaints, Words, explain, near
from nostoi.case.files import SCENARIO
from nostoi.case.quantities import FROM_FILE, shown
from nostoi.case.scenario import (
    Change,
    MoneyChange,
    ParamChange,
    QuotaChange,
    RegimeChange,
    Scenario,
    SignalChange,
    SignalGone,
    first_day,
    last_day,
)
from nostoi.case.text import read_text
from nostoi.case.yamls import Document, read_yaml

HOSTS = "hosts"
"""Stands for every host in a change of regimes or money."""

Thing = tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A scenario with its name and where it stands."""

    name: str
    scenario: Scenario
    document: Document

    def at(self, *path: Any) -> tuple[str, int, str]:
        """File, line and key of a part of it."""
        line, said = self.document.locate(path)
        return self.document.name, line or 1, said


def read_plan(document: Document, name: str, out: Complaints) -> Plan | None:
    """The scenario of a YAML document, or None with complaints."""
    adapter: TypeAdapter[Scenario] = SCENARIO.adapter
    try:
        found = adapter.validate_python(
            document.data, context=FROM_FILE, by_alias=True, by_name=False
        )
    except ValidationError as error:
        words = Words(document.name, SCENARIO.words)
        explain(error.errors(include_url=False), words, document.locate, out)
        return None
    return Plan(name, found, document)


def plan_from_file(path: Path) -> Plan:
    """The scenario in a file outside the case folder.

    Raises:
        NostoiError: every finding about the file.
    """
    out = Complaints()
    text = read_text(path.parent, path.name, out)
    document = None if text is None else read_yaml(path.name, text, out)
    plan = None if document is None else read_plan(document, path.stem, out)
    if plan is None:
        raise NostoiError(*(out.errors or [Finding(174, f"no such file {path}", do="check it")]))
    return plan


def chosen(word: str, known: dict[str, Plan]) -> tuple[Plan, ...]:
    """The scenarios of a word: names of the case or YAML files, joined by ``+``.

    Raises:
        NostoiError: N174 for an unknown name; what a file outside the case complains of.
    """
    found = []
    for part in word.split("+"):
        if part in known:
            found.append(known[part])
        elif part.endswith((".yaml", ".yml")):
            found.append(plan_from_file(Path(part)))
        else:
            said = f"no scenario {shown(part)}{near(part, known)}"
            do = f"known: {', '.join(sorted(known)) or 'none'}; or name a YAML file"
            raise NostoiError(Finding(174, said, do=do))
    return tuple(found)


@dataclass(frozen=True)
class Touch:
    """One thing that a change touches, and on which days (None = no end)."""

    thing: Thing
    start: dt.date
    end: dt.date
    plan: Plan
    index: int


def touches(plan: Plan, hosts: Sequence[str]) -> Iterator[Touch]:
    """Everything that a scenario touches."""
    for k, change in enumerate(plan.scenario.changes):
        start = first_day(change, plan.scenario) or dt.date.min
        end = last_day(change) or dt.date.max
        if isinstance(change, SignalChange | SignalGone):
            start, end = dt.date.min, dt.date.max
        for thing in _things(change, hosts):
            yield Touch(thing, start, end, plan, k)


def _things(change: Change, hosts: Sequence[str]) -> list[Thing]:
    if isinstance(change, SignalChange | SignalGone):
        return [("the signal", change.id)]
    if isinstance(change, QuotaChange):
        return [("the call-up quota",)]
    if isinstance(change, ParamChange):
        return [("the parameter", change.name)]
    places = hosts if change.place == HOSTS else (change.place,)
    if isinstance(change, MoneyChange):
        return [(f"the {change.quantity} of", place) for place in places]
    assert isinstance(change, RegimeChange)  # noqa: S101 - tells the type checker what is left
    return [(f"{name} of", place) for place in places for name in change.fields()]


def clashes(plans: Sequence[Plan], hosts: Sequence[str]) -> list[Finding]:
    """One finding for every thing that two changes touch on the same day."""
    seen: dict[Thing, list[Touch]] = {}
    found = []
    for touch in (one for plan in plans for one in touches(plan, hosts)):
        for other in seen.setdefault(touch.thing, []):
            if touch.start <= other.end and other.start <= touch.end:
                said = f"{' '.join(touch.thing)} is also changed by {_where(other)}"
                at = touch.plan.at("changes", touch.index)
                found.append(Finding(176, said, *at, do=catalogue()[176].remedy))
                break
        seen[touch.thing].append(touch)
    return found


def _where(touch: Touch) -> str:
    file, line, _ = touch.plan.at("changes", touch.index)
    return f"{file}:{line}"
