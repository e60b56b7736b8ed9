"""What no rule explains: smooth effects of the date, of the group and of the host.

They keep the other parameters honest: a week that no signal explains is not forced on one.
"""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import pull, push


@push("leave", "leave_again", source="inferred", part="unexplained")
def mood_to_leave(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained changes of the wish to leave, common to all."""
    return now.leave_mood


@push("leave", source="inferred", part="unexplained")
def leaning(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained differences between groups in the wish to leave."""
    return who.leaning


@push("go_home", source="inferred", part="unexplained")
def mood_to_return(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained changes of the wish to go home, common to all."""
    return now.return_mood


@push("go_home", source="inferred", part="unexplained")
def climate_of_the_host(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained differences between hosts in how many go home."""
    return at.climate


@push("move_on", source="inferred; OutRush (TUR 57, KAZ 22 % left)", part="unexplained")
def stepping_stone(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained differences between hosts in how many move on."""
    return at.stepping


@pull(source="inferred; arrivals by host", part="unexplained")
def attraction(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Unexplained appeal of a host."""
    return at.attraction


@pull(source="Land border counts Sept 2022", part="unexplained")
def by_land_when_in_panic(who: Any, at: Any, now: Any, p: Any) -> Any:
    """When tickets are gone, places that can be reached by land draw more."""
    return p.by_land * at.land * now.mobilisation
