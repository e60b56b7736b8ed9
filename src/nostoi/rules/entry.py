"""S3 Entry regimes: who may enter a host, and how long they may stay."""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import log, logistic
from nostoi.rules.card import pull, push


@pull(source="entry rules by date; Czaika & de Haas 2017", part="S3")
def door_is_open(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A place that lets in only a share of those who come draws that share."""
    return log(at.entry)


@pull(source="TUR permits 2022-2023", part="S3")
def papers_there(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Places that give permits readily draw more."""
    return p.papers_pull * at.permit_ease


@push("go_home", source="KAZ resolution 1146; METHODS 7 (clock)", part="S3")
def leave_to_stay_ends(who: Any, at: Any, now: Any, p: Any) -> Any:
    """When the days allowed without a permit run out, those without papers go home."""
    return p.papers * (1.0 - at.permit_ease) * logistic((who.days - at.stay_days) / 10.0)


@push("move_on", source="OutRush onward moves by host", part="S3")
def papers_elsewhere(who: Any, at: Any, now: Any, p: Any) -> Any:
    """When the days allowed run out, some move on to another host instead."""
    return p.papers_onward * (1.0 - at.permit_ease) * logistic((who.days - at.stay_days) / 10.0)
