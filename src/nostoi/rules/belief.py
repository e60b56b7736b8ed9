"""S9 Perceived risk: how likely people think a call-up within a year is.

A belief b is a share 0..1. Drifts named `belief_up` pull it towards 1, drifts named
`belief_down` pull it towards its floor: db/dt = up (1 - b) - down (b - floor).
"""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import drift, push


@drift("belief_up", source="Levada 23 -> 66 % Sept 2022; FOM weekly", part="S9")
def public_alarm(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Decrees and war news that reach a person raise the perceived threat."""
    heard = p.heard_decree * now.mobilisation + p.heard_war * now.war
    return at.reach * (heard + p.heard_law * now.enforcement)


@drift("belief_up", source="rumours of Aug-Sept 2023", part="S9")
def hearsay(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Where many talk of a new wave, people come to expect it."""
    return p.hearsay * who.rumour


@drift("belief_down", source="28 Oct 2022 'over'; FOM", part="S9")
def said_to_be_over(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Official words that it is over calm people."""
    return at.reach * p.calmed * now.calm


@drift("belief_down", source="FOM decay Oct 2022 - Jul 2023", part="S9")
def fading(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Without news a threat fades from mind."""
    return p.fading


@drift("belief_floor", unit="share 0..1", source="no decree ended the order", part="S9")
def never_ended(who: Any, at: Any, now: Any, p: Any) -> Any:
    """While the order stands, nobody feels quite safe."""
    return p.floor_before + (p.floor_decree - p.floor_before) * now.decree


@push("go_home", source="AFP 2023-08; Alrababah 2023 (home threat dominates)", part="S9")
def danger_at_home(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who thinks the danger at home is great does not go back."""
    return -p.dread * who.belief * who.exposure
