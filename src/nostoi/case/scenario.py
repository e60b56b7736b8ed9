"""A scenario: dated changes of a case that did not happen, or have not happened yet.

A file in `scenarios/` says on which day its world parts from that of the case (`from`) and lists
changes. Each acts through what the rules already read: signals, call-ups, rules of entry and stay,
money, and the few parameters that no evidence speaks of.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from nostoi.case.quantities import Date, NotNegative, Number, Persons, Positive, Share, YesNo
from nostoi.case.schema import SignalKind
from nostoi.case.strict import Strict, Text

UNLIMITED = 10_000.0
"""Days of stay that stand for `unlimited`."""


def _stay(value: object) -> object:
    return UNLIMITED if value == "unlimited" else value


StayDays = Annotated[
    Positive,
    BeforeValidator(_stay),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "unlimited"}]}),
]


class SignalChange(Strict):
    """A public event that is added; its day is the scenario's if none is given."""

    change: Literal["signal"]
    id: Text
    kind: SignalKind
    place: Text
    strength: Number = Field(ge=-1, le=1)
    half_life_days: Positive
    date: Date | None = None
    end_date: Date | None = None
    description: str = ""


class SignalGone(Strict):
    """A public event of the case that does not happen."""

    change: Literal["without_signal"]
    id: Text


class QuotaChange(Strict):
    """A further quota of persons called up in a period."""

    change: Literal["call_up"]
    start: Date | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    persons: Persons = Field(gt=0)


class RegimeChange(Strict):
    """Other rules of entry and stay of one host, or of all (`hosts`); what is left out stays."""

    change: Literal["regime"]
    place: Text
    start: Date | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Date | None = Field(default=None, validation_alias="to", serialization_alias="to")
    entry: Share | None = None
    stay_days: StayDays | None = None
    window_days: Positive | None = None
    visa_run: YesNo | None = None
    permit_ease: Share | None = None
    recognition: Share | None = None

    def fields(self) -> dict[str, object]:
        """The columns of regimes.csv that change."""
        names = (
            "entry", "stay_days", "window_days", "visa_run", "permit_ease", "recognition",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class MoneyChange(Strict):
    """A wage, cost of living or exchange rate times a factor, at one place or all `hosts`."""

    change: Literal["money"]
    place: Text
    quantity: Literal["wage", "living", "exchange"]
    factor: Positive
    start: Date | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Date | None = Field(default=None, validation_alias="to", serialization_alias="to")


class ParamChange(Strict):
    """Another value of a parameter that the evidence cannot speak of, such as `amnesty`."""

    change: Literal["param"]
    name: Text
    value: Number
    sd: NotNegative


Change = Annotated[
    SignalChange | SignalGone | QuotaChange | RegimeChange | MoneyChange | ParamChange,
    Field(discriminator="change"),
]
CHANGES = (SignalChange, SignalGone, QuotaChange, RegimeChange, MoneyChange, ParamChange)


class Scenario(Strict):
    """scenarios/NAME.yaml: what would be different, and from which day on."""

    title: Text
    says: Text
    source: Text
    start: Date = Field(validation_alias="from", serialization_alias="from")
    changes: tuple[Change, ...] = ()


def first_day(change: Change, scenario: Scenario) -> dt.date | None:
    """The first day of a change; None if it says nothing of one (it then holds throughout)."""
    if isinstance(change, SignalChange):
        return change.date or scenario.start
    if isinstance(change, SignalGone | ParamChange):
        return None
    return change.start or scenario.start


def last_day(change: Change) -> dt.date | None:
    """The last day of a change; None if it has none."""
    return None if isinstance(change, SignalGone | ParamChange) else _end(change)


def _end(change: SignalChange | QuotaChange | RegimeChange | MoneyChange) -> dt.date | None:
    return change.end_date if isinstance(change, SignalChange) else change.end
