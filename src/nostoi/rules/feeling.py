"""S6 Wellbeing: how the wish to go home changes with the days since the move.

Research finds no universal curve, so the profile is free: its heights at the knots are
parameters. Euphoria followed by depression is one shape that it can take.
"""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import profile
from nostoi.rules.card import push

TENURE_KNOTS = (0.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0)
"""Days since the move at which the profile of the wish to go home is free."""

ONWARD_KNOTS = (0.0, 14.0, 60.0, 180.0)
"""Days since the move at which the profile of moving on is free."""


@push("go_home", source="Ward 1998; Demes & Geeraert 2015; METHODS 2", part="S6")
def longing(who: Any, at: Any, now: Any, p: Any) -> Any:
    """The wish to go home rises or falls with the time since the move."""
    return profile(who.days, TENURE_KNOTS, p.longing)


@push("move_on", source="transit counts KAZ, GEO 2022", part="S6")
def passing_through(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Many use the first host only as a bridge and go on within days."""
    return profile(who.days, ONWARD_KNOTS, p.passing)


@push("leave_again", source="AFP 2023-08 (relief on landing)", part="S6")
def relief(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Right after the return relief is greatest; it wears off within months."""
    return -p.relief * (1.0 - profile(who.days, (0.0, 180.0), (0.0, 1.0)))
