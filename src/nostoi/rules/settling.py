"""S4 Settling: work at once, diplomas nobody asks for, people who take one in."""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import log1p
from nostoi.rules.card import pull, push


@pull(source="AFP 2023-08 (hired without a diploma)", part="S4")
def work_at_once(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Places where skills count at once draw more."""
    return p.recognition * at.recognition


@pull(source="AFP 2023-08 (lodged with a family); host statistics", part="S4")
def compatriots(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Every compatriot who is already there makes the next arrival easier."""
    return p.compatriots * log1p((at.diaspora + at.newcomers) / 1000.0)


@pull(source="destination shares; language of daily life", part="S4")
def common_language(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A place where one can speak one's own language draws more."""
    return p.language * at.language


@push("go_home", source="Constant & Zimmermann 2012; METHODS 2", part="S4")
def settled(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Recognised skills and a shared language make going home less likely."""
    return -p.settled * (at.recognition + at.language) / 2.0
