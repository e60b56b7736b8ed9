"""What the rules fill in: the factors of each rate, here without any rule.

`lift.py` writes functions of these names from the texts of the rules; where a model has no rule of
a kind, the neutral function below remains. Every one takes the same arguments: the scene, the day
number, group and host (-1 at home), days since the move, savings in months of living costs,
persons who have newly come to the host, the share of the own group who are there, and the row of
the person in personal columns (0 where no single person is meant).

`_cell` reads date, group and place; `_days` the days since the move as well, but nothing of the
group; `_person` savings, or days and group together.
"""

from __future__ import annotations

from typing import Any

ARGUMENTS = ("s", "t", "g", "h", "days", "savings", "newcomers", "peers", "i")

MOVES = {
    "leave": "leave",
    "call": "call_up",
    "again": "leave_again",
    "go": "go_home",
    "on": "move_on",
}
"""Short names of the moves in the compiled text."""

PARTS = ("cell", "days", "person")

DRAWN, AT_ONCE, FOURS, TERMS, JUMPS, DRIFTS, MEANS = 1, 0, 0, 0, 0, 0, 0
"""Whether places draw people out of their homes, journeys are over on the day they begin, and four
people share a call for their first words; how many terms, jumps, drifts and means there are. The
compiled text has its own."""


def neutral(name: str) -> str:
    """Text of a factor without rules: 1 for a rate, 0 for a log weight."""
    value = "0.0" if name.startswith("pull") else "1.0"
    return f"def {name}({', '.join(ARGUMENTS)}):\n    return {value}\n"


def names() -> tuple[str, ...]:
    """All functions that the kernels call."""
    rates = tuple(f"{move}_{part}" for move in MOVES for part in PARTS)
    return (*rates, "pull_cell", "pull_live")


def unfilled(*_: Any) -> float:
    """Stands for a slot until the compiled text replaces it."""
    raise NotImplementedError("the kernels run only after `lift.assemble` has filled the slots")


leave_cell = call_cell = again_cell = go_cell = on_cell = unfilled
again_days = go_days = on_days = unfilled
leave_person = call_person = again_person = go_person = on_person = unfilled
pull_cell = pull_live = unfilled
fill_terms = jump = tell = drift_all = tell_all = own_of = unfilled
after_leave = after_again = after_go = after_on = unfilled
