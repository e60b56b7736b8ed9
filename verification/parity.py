"""Parity of the engines on the flagship, in full: writes verification/parity.md.

    python verification/parity.py [CASE]

Runs the agent engine for several seeds at each level of `nostoi.study.parity`, the cohort engine on
the case's own clock and on days, rumours over contacts, and journeys. Exits with 1 if a gap remains
where all that only people have is switched off.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nostoi.base.numerics import prepare
from nostoi.case.load import load

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".md")
PEOPLE, SEEDS = 2_000_000, 8
HEAD = """# Parity of cohorts and agents

Written by `python verification/parity.py`. Totals over the whole run at prior medians, in persons;
"own clock" is the cohort engine on the clock of the case, the other two run on days. Agents:
{seeds} seeds of {people:,} agents for {persons:,.0f} persons; "error" is the standard error of
their mean, at least that of counting. "gap" is agents less cohorts, in per cent of the total (or
of 1 % of the largest total if that is more). A move is inside within 2 %, or within four standard
errors.
"""


def say(name: str) -> None:
    """Which level is being compared."""
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


def roadside(effect: dict[str, Any] | None) -> list[str]:
    """What journeys change, as lines."""
    if effect is None:
        return []
    days, longest = effect["days"], effect["longest_wait"]
    return [
        "\n## Journeys leg by leg\n",
        "The same people and seeds, over the roads of the case instead of trips of drawn length:",
        f"a journey takes {days['leg_by_leg']:.2f} evenings instead of {days['drawn']:.2f}; of all",
        f"journeys {100 * effect['unmapped']:.2f} % find no road, and",
        f"{100 * effect['turned']:.2f} % end where they began for want of a way;",
        f"the longest wait at a border post is {longest['days']:.1f} days ({longest['post']}, "
        f"{longest['date']}).",
        "\n| | change % |",
        "|---|---:|",
        *(f"| {name} | {100 * v:+.2f} |" for name, v in effect["totals"].items()),
    ]


def main(folder: Path) -> int:
    """Writes the table; 1 if the last level is not inside."""
    prepare()
    from nostoi.engine.agents.contacts import Contacts
    from nostoi.study.parity import ALL, Effort, compare, contact_effect
    from nostoi.study.roadside import journey_effect

    case = load(folder)
    effort = Effort(people=PEOPLE, seeds=SEEDS)
    persons = sum(group.persons for group in case.groups.values())
    text = [HEAD.format(seeds=SEEDS, people=PEOPLE, persons=persons)]
    levels = compare(case, effort, ALL, say)
    for level in levels:
        text.append(f"## {level.name.capitalize()}: largest gap {100 * level.largest:.2f} %\n")
        text.append("| | own clock | cohorts | agents | error | gap % | inside |")
        text.append("|---|---:|---:|---:|---:|---:|---|")
        text += [
            f"| {r.name} | {r.own_clock:,.0f} | {r.cohorts:,.0f} | {r.agents:,.0f} "
            f"| {r.error:,.0f} | {100 * r.gap:+.2f} | {'yes' if r.inside else 'no'} |"
            for r in level.rows
        ]
        text.append("")
    contacts = Contacts()
    effect = contact_effect(case, effort, contacts)
    text.append(
        f"## Rumours over contacts\n\n{contacts.nodes} people in each group and place with "
        f"{contacts.degree} contacts each, instead of all with all: the share who talk at home "
        f"differs by at most {effect['rumour']:.3f}, the belief by {effect['belief']:.3f}.\n"
    )
    text += ["| | change % |", "|---|---:|"]
    text += [f"| {name} | {100 * v:+.2f} |" for name, v in effect["totals"].items()]
    text += roadside(journey_effect(case, effort))
    TABLE.write_text("\n".join(text) + "\n", encoding="utf-8", newline="\n")
    return 0 if levels[-1].ok else 1


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "cases" / "russia-2022"
    raise SystemExit(main(chosen))
