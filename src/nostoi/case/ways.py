"""Towns, border posts and the legs between them: the journeys of a case down to single towns.

Both files are optional and come together. Without them `routes.csv` still says what a whole trip
costs; with them people travel leg by leg and wait at posts.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from nostoi.case.quantities import Date, NotNegative, Number, Positive, YesNo
from nostoi.case.strict import Slug, Strict, Text

Mode = Literal["plane", "train", "bus", "car", "foot", "ship"]
Papers = Literal["internal", "passport", "visa"]

MODES: tuple[str, ...] = get_args(Mode)
"""Ways to travel; the engines count them by their place in this list."""

PAPERS: tuple[str, ...] = get_args(Papers)
"""Papers in rising order: who holds one of them may also do what a lesser one allows."""


class Town(Strict):
    """towns.csv: a town, or a border post where people queue to leave its place."""

    town: Slug
    name: Text
    place: Text
    kind: Literal["town", "post"]
    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    weight: NotNegative = 0.0
    capacity: Positive | None = None
    source: str = ""


class Leg(Strict):
    """legs.csv: one way from one town to the next, in one period."""

    start: Slug = Field(validation_alias="from", serialization_alias="from")
    end: Slug = Field(validation_alias="to", serialization_alias="to")
    mode: Mode
    days: Positive
    cost: NotNegative
    unit: Text
    open_from: Date | None = None
    open_to: Date | None = None
    capacity: Positive | None = None
    papers: Papers = "internal"
    both_ways: YesNo = True
    km: Positive | None = None
    tags: str = ""
    note: str = ""
    source: Text
