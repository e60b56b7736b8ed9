"""S5 Motives: several reasons behind one departure, each visible."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import push


@push("leave", "leave_again", source="AFP 2023-08; OutRush", part="S5")
def fear_of_call_up(who: Any, at: Any, now: Any, p: Any) -> Any:
    """The likelier a person thinks a call-up is, the sooner they leave."""
    return p.fear * who.belief * who.exposure


@push("leave", "leave_again", source="Florinskaya; OK Russians 2022", part="S5")
def go_along(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Partners, children and parents follow when the exposed of the family are at risk."""
    return p.go_along * now.mobilisation * who.kin


@push("leave", "leave_again", source="AFP 2023-08; OutRush motives", part="S5")
def out_of_the_system(who: Any, at: Any, now: Any, p: Any) -> Any:
    """To leave is also a protest: those at odds with the state leave sooner in bad times."""
    return p.protest * who.activism * who.belief
