"""Facts that a model of the case must reproduce, as data: a published figure and how to check it.

A fact has parts. A part holds one published figure beside what the model says of it: a used row
of the ledger (`row`), a figure that an observer would publish (`of`), or nothing (`outside`: the
model has no such thing). Ratios have a second figure, `over`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from nostoi.case.ledger import Rule
from nostoi.case.quantities import Date, NotNegative, Number, YesNo, refuse
from nostoi.case.strict import Strict, Text

Quantity = Literal["departures", "onward", "onward_share", "left_share", "returned_share"]


class Figure(Strict):
    """A figure of the model: what an observer would publish, or a quantity of the record.

    `observer` with `measure`, or `quantity`: departures (first and new ones, persons a day),
    onward (moves to another host, persons), onward_share and left_share (percent of those abroad,
    or in `place`, who move on, or leave at all, within a year), returned_share (percent home among
    those who were abroad for at least the rule's span, at the end of the period).
    """

    observer: str = ""
    measure: str = ""
    group: str = ""
    quantity: Quantity | None = None
    place: str = ""
    rule: Rule = "any"
    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    per: Literal["", "day", "week", "month"] = ""

    @model_validator(mode="after")
    def _one_source(self) -> Figure:
        if bool(self.observer) == bool(self.quantity):
            raise refuse(424, "a figure has either an observer or a quantity")
        if self.observer and not self.measure:
            raise refuse(424, "an observer needs a measure")
        if self.end < self.start:
            raise refuse(118, f"the period ends ({self.end}) before it begins ({self.start})")
        return self


class Part(Strict):
    """One published figure of a fact and how it is held against the model.

    It counts as reproduced if the 90 percent interval of the model meets `low` to `high`, widened
    by `tolerance` (same unit). An end that is not given is open; a `row` brings its own ends. A
    fact that misses a part marked `must` is reproduced in part at best.
    """

    says: str = ""
    ledger: tuple[Text, ...] = ()
    row: str = ""
    of: Figure | None = None
    over: Figure | None = None
    outside: str = ""
    low: Number | None = None
    high: Number | None = None
    tolerance: NotNegative = 0.0
    must: YesNo = False

    @model_validator(mode="after")
    def _one_way(self) -> Part:
        if sum(map(bool, (self.row, self.of, self.outside))) != 1:
            raise refuse(424, "a part has exactly one of row, of and outside")
        if self.of and self.low is None and self.high is None:
            raise refuse(424, "a figure of the model is held against low, high or both")
        if not self.of and (self.over or self.low is not None or self.high is not None):
            raise refuse(424, "over, low and high belong to a part with `of`")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise refuse(407, "low is above high")
        if not self.row and not self.says:
            raise refuse(424, "a part without a row says in words what it is")
        return self


class Fact(Strict):
    """A fact: its name, what was published (with row ids), and its parts."""

    fact: Text
    published: Text
    parts: tuple[Part, ...]
    reading: str = ""

    @model_validator(mode="after")
    def _some_parts(self) -> Fact:
        if not self.parts:
            raise refuse(424, "a fact needs at least one part")
        return self


class Facts(Strict):
    """facts.yaml as a whole."""

    facts: tuple[Fact, ...] = ()
