"""Money and feelings in plain words."""

from __future__ import annotations

from math import exp


def money(months: float) -> str:
    """Months of living costs left, in words."""
    if months <= -0.25:
        return f"in debt by {_months(-months)} of living costs"
    if months < 0.25:
        return "nothing put by"
    return f"{_months(months)} of living costs put by"


def _months(months: float) -> str:
    halves = max(round(2 * months), 1)
    if months >= 6:
        return f"about {months:.0f} months"
    if halves == 1:
        return "about half a month"
    if halves == 2:
        return "about a month"
    return f"about {halves / 2:g} months"


def belief(share: float) -> str:
    """How likely a call-up seems, in words and as a share."""
    words = ("hardly expects", "thinks possible", "rather expects", "firmly expects")
    return f"{words[min(int(4 * share), 3)]} a call-up within a year ({100 * share:.0f} %)"


def rumour(share: float) -> str:
    """How many around talk, in words."""
    if share < 0.02:
        return "hardly anybody around talks of it"
    return f"{100 * share:.0f} in 100 around talk of it"


def longing(log_factor: float | None) -> str:
    """What the time away does to the wish to go home, in words; empty at home."""
    if log_factor is None:
        return ""
    factor = exp(log_factor)
    if abs(factor - 1.0) < 0.05:
        return "homesickness neither draws nor holds"
    if factor > 1.0:
        return f"homesickness: going home is {factor:.1f} times as likely"
    return f"settled for now: going home is {factor:.1f} times as likely"
