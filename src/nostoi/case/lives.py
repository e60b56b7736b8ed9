"""A life to look for: conditions that a simulated life must meet, as a report told it.

A file in `lives/` describes no record of a person. It lists what a search among simulated lives
asks of a path; what is left out is free.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nostoi.case.quantities import Date, Days, Whole, YesNo
from nostoi.case.strict import Slug, Strict, Text
from nostoi.case.ways import Mode, Papers


class Window(Strict):
    """A period that holds the day looked for; both ends included."""

    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")


class AgeBand(Strict):
    """Youngest and oldest age in full years."""

    low: Whole = Field(ge=0, le=120, validation_alias="from", serialization_alias="from")
    high: Whole = Field(ge=0, le=120, validation_alias="to", serialization_alias="to")


class Stay(Strict):
    """Shortest and longest stay in the host before the way home."""

    low: Days = Field(validation_alias="from", serialization_alias="from")
    high: Days = Field(validation_alias="to", serialization_alias="to")


class Life(Strict):
    """lives/NAME.yaml: what a life looked for must meet; an empty condition is free.

    Attributes:
        groups: groups of people.yaml, any of them; empty = any group.
        modes: modes that the way out uses, each at least once, in this order of first use if
            `in_order`; other modes may stand between.
        leaves_again: `yes` and `no` ask for what happens after the return, within the case;
            `open` asks only that the person is home and free to leave at the end.
    """

    title: Text
    told_by: Text
    groups: tuple[Text, ...] = ()
    age: AgeBand | None = None
    origin_town: Slug | None = None
    leaves: Window | None = None
    modes: tuple[Mode, ...] = ()
    in_order: YesNo = False
    papers: Papers | None = None
    host: Text | None = None
    town: Slug | None = None
    stay: Stay | None = None
    returns: Window | None = None
    leaves_again: Literal["yes", "no", "open"] = "open"
    source: str = ""
