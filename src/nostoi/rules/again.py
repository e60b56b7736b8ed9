"""S12 Leaving again: those who came back know the way."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import able, push


@push("leave_again", source="METHODS 2 (kappa_R ~ N(2, 1)); RANEPA", part="S12")
def knows_the_way(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who has been away once leaves more readily than one who never moved."""
    return p.knows_the_way * who.been_away


@able("leave_again", source="AFP 2023-08 (if financial capabilities allow)", part="S12")
def means_left(who: Any, at: Any, now: Any, p: Any) -> Any:
    """After the first stay abroad only some have means left for a second."""
    return p.means_left
