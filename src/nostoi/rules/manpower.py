"""S15 The state's need for men: quotas, volunteers, the chance of a new wave."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import able, drift


@able("call_up", unit="share per day", source="case.yaml call_ups; Shoigu 28 Oct 2022", part="S15")
def quota(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Call-ups per day follow the quota that is being filled."""
    return now.call_rate


@drift("belief_down", source="voluntary drive of spring 2023; AFP 2023-08", part="S15")
def volunteers_instead(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Where volunteers fill the ranks, people expect no new wave."""
    return at.reach * p.volunteers * now.recruitment
