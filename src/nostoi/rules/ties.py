"""S8 Ties: friends, places and family, at home and in the host place."""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import hump, log1p
from nostoi.rules.card import push


@push("go_home", source="UNHCR intention survey 2024 (OR 1.94)", part="S8")
def family_at_home(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Close family left behind draws people home."""
    return p.family * who.family


@push("go_home", source="Constant & Zimmermann 2012", part="S8")
def friends_here(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A community of compatriots in the host place holds people there."""
    return -p.friends * log1p(at.diaspora / 1000.0) / 5.0


@push("leave", source="OK Russians 2022 (family holds back)", part="S8")
def family_holds_back(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Those with close family who would stay behind leave later."""
    return -p.holds_back * who.family


@push("move_on", source="OutRush 2023 (a fifth changed country in a year)", part="S8")
def no_roots_yet(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Around the third month many look for a better host before roots grow."""
    return p.rootless * hump(who.days, 90.0)
