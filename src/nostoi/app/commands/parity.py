"""``nostoi parity``: do single people and expected numbers say the same, move by move?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.present.disclosure import Gate
    from nostoi.study.parity import Level

APART = 1
"""Exit code when the engines differ by more than the tolerance."""


def parity(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    people: Annotated[int, typer.Option(min=1000, help="Agents in each run.")] = 2_000_000,
    seeds: Annotated[int, typer.Option(min=2, help="Runs of the agent engine.")] = 4,
    explain: Annotated[
        bool, typer.Option(help="Switch off what only people have, step by step.")
    ] = False,
    contacts: Annotated[
        bool, typer.Option(help="Also: what rumours over explicit contacts change.")
    ] = False,
    journeys: Annotated[
        bool, typer.Option(help="Also: what journeys leg by leg change, if the case has roads.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Compare the cohort engine and the agent engine at prior medians, on a clock of days."""
    from rich.console import Console

    from nostoi.base.numerics import prepare
    from nostoi.case.load import load

    case = load(folder)
    prepare()
    from nostoi.engine.agents.contacts import Contacts
    from nostoi.present.disclosure import Gate
    from nostoi.study.parity import ALL, FIRST, Effort, compare, contact_effect
    from nostoi.study.roadside import journey_effect

    console = Console(stderr=True)
    effort = Effort(people=people, seeds=seeds)
    levels = compare(
        case,
        effort,
        ALL if explain else FIRST,
        lambda name: console.print(f"{name}: {seeds} runs ..."),
    )
    gate = Gate.of(case.spec.disclosure)
    effect = contact_effect(case, effort, Contacts()) if contacts else None
    roads = journey_effect(case, effort) if journeys else None
    if as_json:
        found = [shown(level, gate) for level in levels]
        last = levels[-1].ok
        say_json({"format": 1, "ok": last, "levels": found, "contacts": effect, "journeys": roads})
    else:
        say("\n\n".join(as_text(shown(level, gate)) for level in levels))
        if effect is not None:
            say(contacts_text(effect))
        if roads is not None:
            say(journeys_text(roads))
    if not levels[-1].ok:
        raise typer.Exit(APART)


def shown(level: Level, gate: Gate) -> dict[str, Any]:
    """A level for a machine, its counts through the gate."""
    found = level.as_dict()
    counts = ("own_clock", "cohorts", "agents")
    rows = [row | {name: gate.count(row[name]) for name in counts} for row in found["rows"]]
    return found | {"rows": rows}


def as_text(level: dict[str, Any]) -> str:
    """A level as a table."""
    head = f"{'':24s}{'own clock':>14s}{'cohorts':>14s}{'agents':>14s}{'error':>10s}{'gap %':>9s}"
    lines = [f"{level['level']}: largest gap {100 * level['largest_gap']:.2f} %", head]
    for row in level["rows"]:
        mark = "" if row["inside"] else "  outside"
        counts = (row[name] for name in ("own_clock", "cohorts", "agents"))
        said = "".join(f"{'withheld' if n is None else format(n, ',.0f'):>14s}" for n in counts)
        lines.append(f"{row['name']:24s}{said}{row['error']:10,.0f}{100 * row['gap']:9.2f}{mark}")
    return "\n".join(lines)


def contacts_text(effect: dict[str, Any]) -> str:
    """What contacts change."""
    moves = ", ".join(f"{name} {100 * v:+.2f} %" for name, v in effect["totals"].items())
    return (
        f"\nRumours over contacts instead of mixing: rumour differs by at most "
        f"{effect['rumour']:.3f}, belief by {effect['belief']:.3f} at home; {moves}."
    )


def journeys_text(effect: dict[str, Any]) -> str:
    """What journeys leg by leg change."""
    moves = ", ".join(f"{name} {100 * v:+.2f} %" for name, v in effect["totals"].items())
    days, longest = effect["days"], effect["longest_wait"]
    return (
        f"\nJourneys leg by leg, not drawn trips: {days['leg_by_leg']:.2f} evenings on the way, "
        f"not {days['drawn']:.2f}; longest wait at a post {longest['days']:.1f} days "
        f"({longest['post']}, {longest['date']}); {moves}."
    )
