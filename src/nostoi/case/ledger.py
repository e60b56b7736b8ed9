"""The evidence ledger: typed counts, their publishers, and the observers that may use them.

Counts have types and types do not mix: a crossing is not a person, a permit is not a stock. Each
family of observers takes exactly one type of count (`FAMILY_TAKES`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from nostoi.case.quantities import (
    Date,
    Days,
    NotNegative,
    Number,
    PerDay,
    Persons,
    Positive,
    Share,
    Vintage,
    Whole,
    YesNo,
    latest_day,
    refuse,
)
from nostoi.case.strict import Slug, Strict, Text

CountType = Literal[
    "crossing", "flow", "stock", "register", "survey_share", "belief_poll", "claim", "context"
]
Rule = Literal["any", "3m", "6m", "12m"]

MEASURES: Mapping[str, tuple[str, ...]] = {
    "crossing": ("in", "out", "net", "both"),
    "flow": ("arrivals", "departures", "net"),
    "stock": ("present", "change", "all"),
    "register": ("issued", "valid"),
    "survey_share": ("returned", "returned_or_visited", "moved_country", "left_host"),
    "belief_poll": ("fear", "anxiety", "expect_wave", "search"),
    "claim": ("left", "abroad", "returned", "returned_share"),
    "context": ("",),
}
"""What each type of count may measure."""

FAMILY_TAKES: Mapping[str, str] = {
    "crossing": "crossing",
    "trips": "crossing",
    "flow": "flow",
    "stock": "stock",
    "register": "register",
    "survey": "survey_share",
    "poll": "belief_poll",
    "claim": "claim",
    "camp": "stock",
}
"""The one type of count that each family of observers takes."""

_UNITS: Mapping[str, tuple[str, ...]] = {
    "crossing": ("crossings",),
    "flow": ("persons",),
    "stock": ("persons",),
    "register": ("persons", "permits", "applications", "numbers"),
    "survey_share": ("percent",),
    "belief_poll": ("percent",),
    "claim": ("persons",),
}
_MEASURE_UNITS: Mapping[str, tuple[str, ...]] = {
    "returned_share": ("percent",),
    "search": ("queries",),
}

NEEDS_PERIOD = {("stock", "change"), ("register", "issued")}


def allowed_units(count_type: str, measure: str) -> tuple[str, ...]:
    """Units that fit; empty = any (context)."""
    return _MEASURE_UNITS.get(measure, _UNITS.get(count_type, ()))


class Observation(Strict):
    """One row of observations.csv: one published figure with everything that qualifies it.

    Left out, `period_start` is `period_end` (a figure for one day) and the `value` of a range is
    the middle of its `low` and `high`.
    """

    id: Text
    count_type: CountType
    measure: str = ""
    place: Text
    group: str = ""
    rule: Rule = "any"
    period_start: Date
    period_end: Date
    value: Number
    low: Number | None = None
    high: Number | None = None
    bound: Literal["point", "range", "at_least", "at_most", "about"] = "point"
    rounding: NotNegative = 0.0
    unit: Text
    per: Literal["", "day", "week", "month"] = ""
    publisher: Text
    published: Vintage
    confidence: Literal["A", "B", "C", "D"]
    repeats: str = ""
    observer: str = ""
    reason: str = ""
    population: str = ""
    definition: str = ""
    source_title: str = ""
    source_url: str = ""

    @property
    def used(self) -> bool:
        """Whether an observer reads this row."""
        return bool(self.observer)

    @property
    def published_by(self) -> dt.date:
        """The last day on which the figure may have been published."""
        return latest_day(self.published)

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        full = dict(data)
        ranged = full.get("bound") == "range"
        if ranged and not {"low", "high"} <= set(full):
            raise refuse(406, "the row is a range without low and high")
        if full.get("repeats") and not full.get("observer"):
            full.setdefault("reason", f"repeats {full['repeats']}")
        kind = (full.get("count_type"), full.get("measure", ""))
        of_a_day = kind[0] not in ("crossing", "flow") and kind not in NEEDS_PERIOD
        if of_a_day and "period_end" in full:
            full.setdefault("period_start", full["period_end"])
        if ranged:
            full.setdefault("value", _middle(full["low"], full["high"]))
        return full


def _middle(low: object, high: object) -> object:
    """The middle of a range, or 0 where one end is no number (which is said elsewhere)."""
    try:
        middle = (float(str(low)) + float(str(high))) / 2
    except ValueError:
        return 0.0
    return middle if math.isfinite(middle) else 0.0


class Source(Strict):
    """One row of sources.csv: a publisher, what it is, and on which side it stands."""

    publisher: Text
    name: Text
    kind: Literal["office", "official_statement", "survey", "press", "estimate", "pollster", "ngo"]
    side: Literal["origin", "host", "third"]
    licence: str = ""
    note: str = ""


class _Observer(Strict):
    """What every observer may say: where its settings come from."""

    source: str = ""


class CrossingSpec(_Observer):
    """Border counts of a host: traffic that was always there, plus the moves of the case.

    `scatter`: log sd by which traffic strays from its course, where no season can be learnt.
    """

    family: Literal["crossing"]
    place: Text
    baseline: PerDay
    growth: Number = 0.0
    season: Whole = Field(default=0, ge=0, le=2)
    stay: Days = 7.0
    coverage: Share = Field(default=1.0, gt=0)
    scatter: NotNegative = 0.0


class TripsSpec(_Observer):
    """Exits to a place counted by the origin; shares the baseline of observer `crossing`."""

    family: Literal["trips"]
    place: Text
    crossing: Text


class FlowSpec(_Observer):
    """Arrivals and departures of residents by a host's statistical office.

    `scatter`: log sd by which its definition of a resident strays from the rule, by figure.
    """

    family: Literal["flow"]
    place: Text
    rule: Rule = "any"
    coverage: Share = Field(default=1.0, gt=0)
    coverage_sd: NotNegative = 0.3
    scatter: NotNegative = 0.0


class StockSpec(_Observer):
    """Persons present in a host; `settled` were there before (only for measure all).

    `scatter`: log sd by which those present stray from the model on single days, by figure.
    """

    family: Literal["stock"]
    place: Text
    rule: Rule = "any"
    scatter: NotNegative = 0.0
    settled: Persons = 0.0


class RegisterSpec(_Observer):
    """Papers issued or valid: entry after some days, lag, expiry, renewal, coverage.

    `scatter`: log sd by which the coverage changes from one figure to the next.
    """

    family: Literal["register"]
    place: Text
    after: Days = 0.0
    lag: Days = 0.0
    validity: Days | None = None
    renewal: Share = 0.0
    coverage: Share = Field(default=0.5, gt=0)
    coverage_sd: NotNegative = 0.5
    scatter: NotNegative = 0.0
    settled: Persons = 0.0
    before: PerDay = 0.0


class SurveySpec(_Observer):
    """Shares in a survey of those who left: the rule of return it asks for, its selection."""

    family: Literal["survey"]
    rule: Rule = "any"
    visits: YesNo = False
    bias_sd: NotNegative = 0.5


class PollSpec(_Observer):
    """A question of a poll at the origin."""

    family: Literal["poll"]
    question: Text
    scale_sd: Positive = 0.5


class ClaimSpec(_Observer):
    """A number said by an official or a think tank, counted since a date."""

    family: Literal["claim"]
    quantity: Literal["left", "abroad", "returned", "returned_share"]
    rule: Rule = "any"
    since: Date | None = None
    bias_sd: NotNegative = 0.5


class CampSpec(_Observer):
    """Counts in one camp of a network, or in all of them together (no `town`)."""

    family: Literal["camp"]
    town: Slug | None = None
    series: str = ""


ObserverSpec = Annotated[
    CrossingSpec
    | TripsSpec
    | FlowSpec
    | StockSpec
    | RegisterSpec
    | SurveySpec
    | PollSpec
    | ClaimSpec
    | CampSpec,
    Field(discriminator="family"),
]


def place_of(observer: ObserverSpec) -> str | None:
    """The world place that an observer counts at, None for polls, surveys and claims."""
    return getattr(observer, "place", None)
