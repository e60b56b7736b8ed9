"""Writes docs/odd.md from the rule cards and the parameters: `python docs/renew_odd.py`."""

from __future__ import annotations

import csv
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path

from nostoi.rules.card import Rule
from nostoi.rules.moves import DAY, MOVES, RULES

DOCS = Path(__file__).resolve().parent
PARAMS = DOCS.parent / "src" / "nostoi" / "rules" / "params.csv"
KINDS = {
    "push": "adds to the log of the rate (who would)",
    "able": "a share 0..1 that multiplies the rate (who could)",
    "pull": "adds to the log weight of a place",
    "drift": "changes a belief or rumour, per day",
    "mean": "a mean over the people of a place",
}
HEAD = """# The model in ODD form

Written by `python docs/renew_odd.py` from the cards of the rules and from `params.csv`; do not edit
this page. It follows the ODD protocol (Grimm et al. 2020, JASSS 23(2) 7). Both engines, the plain
twin and this page use the same text of every rule.

## 1. Purpose and patterns

To estimate hidden stocks and flows of a migration crisis (who left, who stays away, who came back
under which rule, who would and could leave again) from published figures, and to play scenarios
forward. A model is held against patterns that a case names beforehand (`facts.yaml`): the pulse of
departures after an order, the queue at a border, slow returns, the order of hosts.

## 2. Entities, state variables and scales

- **Persons**, in groups (`people.yaml`) and bands of savings. State: at home, on the way out, in a
  host, on the way back, returned, called up; with the days since the last move, the group, savings,
  belief in a call-up. The cohort engine holds expected counts of each kind, the agent engine
  people.
- **Places**: the origin and the hosts, with rules of entry and stay, wages, prices, language,
  compatriots.
- **The public**: dated signals that decay, rumours.

Time goes by steps of a week, and of a day inside the windows that a case names. Space is places and
the ways between them; with `towns.csv` and `legs.csv` also towns, legs and border posts.

## 3. Process overview and scheduling

Order of a step: {day}. All moves that compete in a step share one draw.

| move | from | to | base rate | who |
|---|---|---|---|---|
{moves}

rate per day = exp(base + sum of pushes) × product of abilities; a leaver chooses a place with a
chance proportional to exp(sum of its pulls).

## 4. Design concepts

- **Basic principles.** Push and pull, aspirations and abilities; people act on what they believe.
- **Emergence.** Waves, queues, communities of compatriots and the share who return follow from the
  rules; none of them is put in as a curve. What no rule explains is a free mood of the date.
- **Adaptation and objectives.** People do not optimise; reasons change the rate of a move. With
  roads they take the way of least cost and time.
- **Learning.** Those who left once know the way.
- **Prediction.** None beyond the perceived chance of a call-up.
- **Sensing.** The public signals, rumours in the place and group, wages and rules of hosts, queues.
- **Interaction.** Through rumours, compatriots in a host, queues at border posts, quotas.
- **Stochasticity.** Expected flows in the cohort engine; in the agent engine every draw is a
  counter-based random number keyed by seed, stream, person and day.
- **Collectives.** Groups; families act through `go_along` and the ties of the groups.
- **Observation.** Each kind of source sees the flows through its own definition, coverage and bias
  (see [the model on two pages](model.md)).

## 5. Initialisation

All persons are at home on the first day; hosts hold the people who lived there before.

## 6. Input data

The tables of the case: signals, call-ups, rules of entry and stay, money, routes.

## 7. Submodels

"""


def page() -> str:
    """The page as text."""
    moves = "\n".join(
        f"| `{m.name}` | {m.start} | {m.stop} | `{m.base}` | {m.who} |" for m in MOVES
    )
    head = HEAD.format(day=", ".join(DAY), moves=moves)
    with PARAMS.open(encoding="utf-8") as file:
        cards = {row["name"]: row for row in csv.DictReader(file)}
    return head + "\n".join(line for rule in RULES for line in submodel(rule, cards))


def submodel(rule: Rule, cards: dict[str, dict[str, str]]) -> Iterator[str]:
    """The card and the text of one rule, and its parameters with their priors."""
    yield f"### {rule.name.replace('_', ' ')}\n"
    yield f"{rule.says}\n"
    kind = KINDS.get(rule.kind, rule.kind)
    yield f"*{rule.kind}* on {', '.join(rule.moves)}: {kind}. Unit: {rule.unit}. Part {rule.part}."
    yield f"Source: {rule.source}.\n"
    yield f"```python\n{body(rule)}\n```\n"
    own = [cards[name] for name in rule.columns("p") if name in cards]
    if own:
        yield "| parameter | value | sd | scale | unit | source |\n|---|---|---|---|---|---|"
        yield from (
            f"| `{p['name']}` | {p['value']} | {p['sd']} | {p['kind']} | {p['unit']} | "
            f"{p['source'].replace('|', '/')} |"
            for p in own
        )
        yield ""


def body(rule: Rule) -> str:
    """The lines of a rule that compute, without decorator and docstring."""
    text = textwrap.dedent(inspect.getsource(rule.text))
    lines = text[text.index("def ") :].splitlines()
    quotes = [k for k, line in enumerate(lines) if '"""' in line]
    last = quotes[0] if lines[quotes[0]].count('"""') == 2 else quotes[1]
    return "\n".join(lines[:1] + lines[last + 1 :]) if lines[0].endswith(":") else text


if __name__ == "__main__":
    (DOCS / "odd.md").write_text(page(), encoding="utf-8")
