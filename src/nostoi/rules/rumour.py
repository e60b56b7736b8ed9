"""S13 Rumours: seeded by events, contagious, fading (Maki-Thompson with forgetting).

In each place x group, a share of people has not heard (ignorant), a share spreads, the rest
has heard and keeps silent. Without seeds and forgetting the share that never hears solves
theta = exp(-2 (1 - theta)), about 0.2032: the classic answer, which the tests check.
"""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import drift


@drift("rumour_seed", source="signals.csv, kind rumour", part="S13")
def sown(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Each event of the kind rumour sets some people talking."""
    return p.rumour_seed * now.sowing * at.reach


@drift("rumour_hear", source="Maki & Thompson 1973", part="S13")
def passed_on(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A person who has not heard hears it from those who talk."""
    return p.contacts * who.spreading


@drift("rumour_stop", source="Maki & Thompson 1973", part="S13")
def stale_news(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A talker who meets someone who knows already stops talking."""
    return p.contacts * (1.0 - who.ignorant)


@drift("rumour_forget", source="rumour waves repeat within months", part="S13")
def forgotten(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Old talk is forgotten, so that a new rumour finds fresh ears."""
    return p.forget
