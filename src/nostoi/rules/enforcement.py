"""S10 Enforcement: how a summons reaches people, and who is stopped at the border."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import able, push


@able("leave", "leave_again", source="exit lists Sept 2022; e-summons law Apr 2023", part="S10")
def not_stopped(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Men on a list are refused at the border; an exit ban in force stops all summoned."""
    return 1.0 - who.exposure * (p.stopped * now.exit_ban + (1.0 - p.stopped) * now.closed)


@able("call_up", source="papers by hand until Apr 2023; Mediazona", part="S10")
def summons_arrives(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A paper must be handed over; an electronic summons reaches nearly everybody."""
    return who.exposure * (p.by_hand + (1.0 - p.by_hand) * now.e_summons)


@push("go_home", source="assumption: no amnesty for leavers has been tried", part="S10")
def amnesty_trusted(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A promise that nobody is punished for having left makes the exposed go home sooner."""
    return p.amnesty * now.amnesty * who.exposure


@push("leave_again", source="AFP 2023-08; e-summons law", part="S10")
def before_the_net_closes(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Those who came back leave again when delivery gets harder to dodge."""
    return p.net_closes * now.enforcement * who.exposure
