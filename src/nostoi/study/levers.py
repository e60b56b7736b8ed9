"""Levers: the few things that a reader may bend on the page, as a scenario of the usual kind.

A setting of the levers becomes the text of a scenario file and is read like any other, so that it
meets the same checks, and so that `nostoi compare` can repeat it from the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.complaints import Complaints
from nostoi.case.plans import Plan, read_plan
from nostoi.case.yamls import read_yaml

NAME = "what-if.yaml"
TRUSTED_TALK = 14.0
"""Half-life of talk and assurances once they end, in days: as in the scenario of a rumour."""

REGIMES: Mapping[str, Mapping[str, object]] = {
    "free": {"entry": 1.0, "stay_days": "unlimited", "visa_run": "yes"},
    "days90": {"entry": 1.0, "stay_days": 90, "window_days": 180, "visa_run": "no"},
    "visa": {"entry": 0.1, "stay_days": 90, "window_days": 180, "visa_run": "no"},
    "closed": {"entry": 0.0},
}
"""Rules of entry and stay that a host can be set to. A tenth gets in where a visa is asked: our
assumption, of the size of what Finland let in after September 2022."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class HostLevers(BaseModel):
    """Levers of one host; None leaves its rules as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regime: Literal["free", "days90", "visa", "closed"] | None = None
    permits: Share | None = None


class Levers(BaseModel):
    """A setting of all levers; the defaults change nothing.

    Attributes:
        since: first day on which the world differs.
        wave: none, a second wave that is only rumoured, or one that is ordered.
        wave_date: the day of the order or the first day of the talk; `since` if left out.
        wave_persons: quota of an ordered wave, within six weeks.
        risk: talk of a call-up (up to 1) or assurances that there is none (down to -1).
        decree_ended: a decree ends the order in force.
        exit_ban: share of those of call-up age who are not let out.
        exchange: what the currency of the origin buys abroad, as a factor.
        wages: wages at home, as a factor.
        hosts: by code of the host.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    wave: Literal["none", "rumoured", "ordered"] = "none"
    wave_date: date | None = None
    wave_persons: Annotated[float, Field(gt=0.0, le=3_000_000.0)] = 300_000.0
    risk: Annotated[float, Field(ge=-1.0, le=1.0)] = 0.0
    decree_ended: bool = False
    exit_ban: Annotated[float, Field(ge=0.0, le=0.99)] = 0.0
    exchange: Annotated[float, Field(ge=0.25, le=4.0)] = 1.0
    wages: Annotated[float, Field(ge=0.25, le=4.0)] = 1.0
    hosts: Mapping[str, HostLevers] = Field(default_factory=dict, max_length=100)


@dataclass(frozen=True)
class Span:
    """Days between which levers may act: the first that may differ, and the last of the run."""

    first: date
    last: date


def read_levers(data: object, case: Case, span: Span) -> Levers:
    """A setting from parsed JSON.

    Raises:
        NostoiError: N722 for every part that does not fit.
    """
    try:
        found = Levers.model_validate(data)
    except ValidationError as error:
        raise NostoiError(*(_finding(one) for one in error.errors(include_url=False))) from None
    days = {"since": found.since, "wave_date": found.wave_date or found.since}
    late = [
        Finding(722, f"{name} is {day}", do=f"give a day from {span.first} to {span.last}")
        for name, day in days.items()
        if not span.first <= day <= span.last
    ]
    if days["wave_date"] < found.since:
        late.append(Finding(722, "wave_date is before since", do="give a day from `since` on"))
    hosts = {place.place for place in case.hosts}
    late += [
        Finding(722, f"no host {code[:20]!r}", do=f"known: {', '.join(sorted(hosts))}")
        for code in found.hosts
        if code not in hosts
    ]
    if not case.money and (found.exchange != 1.0 or found.wages != 1.0):
        late.append(Finding(722, "this case knows no money", do="leave exchange and wages at 1"))
    if late:
        raise NostoiError(*late)
    return found


def _finding(error: Any) -> Finding:
    where = ".".join(str(part)[:40] for part in error["loc"]) or "the request"
    return Finding(722, f"{where}: {error['msg']}", do="correct this part of the request")


def plan_of(levers: Levers, case: Case, span: Span) -> Plan:
    """The scenario of a setting.

    Raises:
        NostoiError: whatever a scenario file with this text complains of.
    """
    out = Complaints()
    text = json.dumps(as_scenario(levers, case, span), indent=1, ensure_ascii=False)
    document = read_yaml(NAME, text, out)
    plan = None if document is None else read_plan(document, "what-if", out)
    if plan is None:
        raise NostoiError(*out.errors)
    return plan


def as_scenario(levers: Levers, case: Case, span: Span) -> dict[str, Any]:
    """The scenario file of a setting, as plain data (JSON is YAML)."""
    home, last = case.origin.place, span.last.isoformat()
    changes = [*_signals(levers, home, last), *_money(levers, home)]
    for code, host in sorted(levers.hosts.items()):
        fields = dict(REGIMES[host.regime]) if host.regime else {}
        if host.permits is not None:
            fields["permit_ease"] = host.permits
        if fields:
            changes.append({"change": "regime", "place": code, **fields})
    return {
        "title": "A setting of the levers of the page",
        "says": "What a reader set by hand; sizes are the reader's, no forecast.",
        "source": "assumption: set by hand",
        "from": levers.since.isoformat(),
        "changes": changes,
    }


def _signals(levers: Levers, home: str, last: str) -> list[dict[str, Any]]:
    def signal(name: str, kind: str, strength: float, half_life: float, **more: str) -> Any:
        return {"change": "signal", "id": f"LEVER-{name}", "kind": kind, "place": home,
                "strength": strength, "half_life_days": half_life, **more}  # fmt: skip

    found = []
    day = (levers.wave_date or levers.since).isoformat()
    end = min(date.fromordinal(date.fromisoformat(day).toordinal() + 41).isoformat(), last)
    if levers.wave == "ordered":
        found.append(signal("order", "mobilisation", 1.0, 21.0, date=day))
        found.append({"change": "call_up", "from": day, "to": end,
                      "persons": f"{levers.wave_persons:.0f} persons"})  # fmt: skip
    elif levers.wave == "rumoured":
        found.append(signal("talk-of-wave", "rumour", 0.9, TRUSTED_TALK, date=day, end_date=end))
    if levers.risk > 0:
        found.append(signal("risk", "rumour", levers.risk, TRUSTED_TALK, end_date=last))
    elif levers.risk < 0:
        found.append(signal("risk", "decree_status", levers.risk, TRUSTED_TALK, end_date=last))
    if levers.decree_ended:
        found.append(signal("decree-ended", "decree_end", 1.0, 1.0))
        found.append(signal("decree-ended-words", "decree_status", -1.0, 90.0))
    if levers.exit_ban > 0:
        found.append(signal("exit-ban", "closure", levers.exit_ban, 30.0, end_date=last))
    return found


def _money(levers: Levers, home: str) -> list[dict[str, Any]]:
    found = []
    if levers.exchange != 1.0:
        found.append({"change": "money", "place": "hosts", "quantity": "exchange",
                      "factor": levers.exchange})  # fmt: skip
    if levers.wages != 1.0:
        found.append({"change": "money", "place": home, "quantity": "wage",
                      "factor": levers.wages})  # fmt: skip
    return found
