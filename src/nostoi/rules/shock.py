"""S1 Shock: the announcement, and the days of panic after it."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import push


@push("leave", "leave_again", source="AFP 2023-08; border counts of the week", part="S1")
def panic(who: Any, at: Any, now: Any, p: Any) -> Any:
    """In the days after a call-up is announced, exposed people leave at once."""
    return p.panic * now.mobilisation * who.exposure


@push("leave", "leave_again", source="The Bell; host counts Feb-Mar 2022", part="S1")
def outbreak_of_war(who: Any, at: Any, now: Any, p: Any) -> Any:
    """When war breaks out, those who can work from anywhere or are at odds leave first."""
    return p.outbreak * now.war * (who.remote + who.activism)


@push("leave", "leave_again", source="fares and searches 20 Sept 2022", part="S1")
def last_flight(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Rumours of a closing border make people hurry."""
    return p.hurry * now.rumour * who.exposure
