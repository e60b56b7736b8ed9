"""What a case may say: one model per file, with the names of the files' columns and keys.

The models are the single dictionary of the case format: they check what was read, they hold the
resolved values (days are floats, dates are dates), and they export the JSON Schema for editors.
A word that they do not know is an error. Where a column is called ``from`` in the file, Python
calls it `start` (a period) or `origin` (a route), because ``from`` is a word of the language.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from nostoi.case.choice import RuleChoice, Rules
from nostoi.case.ledger import Observation, ObserverSpec, Source
from nostoi.case.quantities import (
    Date,
    Months,
    NotNegative,
    Number,
    Persons,
    Positive,
    Share,
    Whole,
    WholeDays,
    YesNo,
    refuse,
)
from nostoi.case.strict import Slug, Strict, Text

__all__ = [
    "FORMAT",
    "CallUp",
    "CaseFile",
    "ClockSpec",
    "DailyWindow",
    "Disclosure",
    "Group",
    "MoneyRow",
    "Observation",
    "ObserverSpec",
    "ParamOverride",
    "People",
    "Phases",
    "Place",
    "Regime",
    "Route",
    "RuleChoice",
    "Savings",
    "Signal",
    "SignalKind",
    "Source",
]

FORMAT = 1
"""The version of the case format that this Nostoi reads (`nostoi:` in case.yaml)."""


class DailyWindow(Strict):
    """A period in which the clock steps day by day."""

    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")


class ClockSpec(Strict):
    """The step of the clock in days, and the windows in which it is one day."""

    step: WholeDays = Field(default=7.0, ge=1, le=31)
    daily: tuple[DailyWindow, ...] = ()


class CallUp(Strict):
    """A quota of persons called up in a period; input of the call-up rate."""

    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    persons: Persons = Field(gt=0)
    source: str = ""


class Phases(Strict):
    """Phases of time since the move: `weekly` weeks first, then `blocks` of `block` days."""

    weekly: Whole = Field(default=4, ge=0, le=52)
    block: WholeDays = Field(default=28.0, ge=7, multiple_of=7)
    blocks: Whole = Field(default=13, ge=1, le=60)


class Disclosure(Strict):
    """The smallest count that may be shown (persons), and the rounding of what is shown."""

    threshold: Whole = Field(default=10, le=1_000_000)
    round_to: Whole = Field(default=5, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _not_lowered(self) -> Disclosure:
        if self.threshold < 10:
            raise refuse(902, f"the disclosure threshold {self.threshold} is below 10")
        return self


class CaseFile(Strict):
    """case.yaml: the question, the dates and the settings of a case."""

    nostoi: Whole
    name: Slug
    title: Text
    question: Text
    origin: Text
    start: Date
    end: Date
    event: Date
    event_name: str = "the event"
    call_ups: tuple[CallUp, ...] = ()
    clock: ClockSpec = ClockSpec()
    phases: Phases = Phases()
    knots: WholeDays = Field(default=28.0, ge=1, le=366)
    rules: Rules = RuleChoice()
    bands: Whole = Field(default=5, ge=1, le=50)
    seed: Whole = Field(default=1, ge=0, lt=2**63)
    disclosure: Disclosure = Disclosure()


class Place(Strict):
    """places.csv: the origin or a host."""

    place: Text
    name: Text
    kind: Literal["origin", "host"]
    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    language: Share = 0.0
    recognition: Share = 0.0
    freedom: Share = 0.0
    diaspora: NotNegative = 0.0
    attraction: Number = 0.0
    source: str = ""


class Route(Strict):
    """routes.csv: one way from one place to another. Days and cost of the whole trip.

    `papers_days` are those of the days that pass at the start, until the papers are there.
    """

    origin: Text = Field(validation_alias="from", serialization_alias="from")
    to: Text
    mode: Literal["plane", "train", "bus", "car", "foot", "ship"]
    days: Positive
    cost: NotNegative
    unit: Text
    open_from: Date | None = None
    open_to: Date | None = None
    capacity: Positive | None = None
    papers_days: NotNegative = 0.0
    both_ways: YesNo = True
    source: str = ""


class Regime(Strict):
    """regimes.csv: the rules of entry and stay of one place in one period.

    `recognition`, where given, takes the place of the host's own for that period.
    """

    place: Text
    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    entry: Share
    stay_days: Positive | None = None
    window_days: Positive | None = None
    visa_run: YesNo = False
    permit_ease: Share
    recognition: Share | None = None
    source: str = ""

    @model_serializer(mode="wrap")
    def _only_what_differs(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The full form of a case that says nothing of recognition stays what it was."""
        found: dict[str, Any] = plain(self)
        if self.recognition is None:
            found.pop("recognition")
        return found


class MoneyRow(Strict):
    """money.csv: a wage, a cost of living, or an exchange rate from a date on."""

    place: Text
    date: Date
    quantity: Literal["wage", "living", "exchange"]
    value: Positive
    unit: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}/([A-Z]{3}|month)$")]
    source: str = ""


SignalKind = Literal[
    "war",
    "mobilisation",
    "decree_status",
    "rumour",
    "e_summons",
    "exit_ban",
    "repression",
    "enforcement_law",
    "recruitment_drive",
    "closure",
    "amnesty",
    "decree_end",
    "border_policy_host",
    "visa_policy",
    "economy",
    "other",
]


class Signal(Strict):
    """signals.csv: a public, dated event; without an `end_date` it is over on its `date`."""

    id: Text
    date: Date
    end_date: Date
    kind: SignalKind
    place: Text
    strength: Number = Field(ge=-1, le=1)
    half_life_days: Positive
    source_url: str = ""
    description: str = ""
    reason: str = ""

    @model_validator(mode="before")
    @classmethod
    def _over_at_once(cls, data: Any) -> Any:
        if isinstance(data, dict) and "date" in data:
            return {"end_date": data["date"]} | data
        return data


class Savings(Strict):
    """Log-normal savings in months of living costs: the median and the log sd."""

    median: Months = Field(gt=0)
    sigma: NotNegative


class Group(Strict):
    """people.yaml: a group of the origin's people at the start of the case."""

    label: str = ""
    persons: Persons = Field(gt=0)
    exposure: Share
    kin: Share = 0.0
    activism: Share = 0.0
    remote: Share = 0.0
    family: Share
    savings: Savings
    source: str = ""


class People(Strict):
    """people.yaml as a whole."""

    groups: dict[Text, Group] = Field(min_length=1)


class ParamOverride(Strict):
    """params.yaml: a value that replaces the default of rules/params.csv, with its source."""

    value: Number
    sd: NotNegative | None = None
    unit: str = ""
    date: Date | None = None
    source: str = ""
    fixed: YesNo = False
