"""What movement over a network reads beside towns and legs: sites, conflicts, closures, recounts.

All four tables are optional and belong to a case with towns and legs. `sites.csv` says what a town
is to people in flight (a zone of conflict, a camp, a place to pass through) and makes the case one
that can be run hop by hop; the other three need it.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from nostoi.case.quantities import Date, NotNegative, Positive, Share
from nostoi.case.strict import Slug, Strict, Text

SiteKind = Literal["conflict", "town", "camp", "idp_camp", "forward", "marker", "flood_zone"]
SITE_KINDS: tuple[str, ...] = get_args(SiteKind)
ClosureKind = Literal["country", "location", "link", "camp", "idp_camp", "redirection"]


class Site(Strict):
    """sites.csv: what a town is to people in flight."""

    town: Slug
    kind: SiteKind
    region: str = ""
    population: NotNegative = 0.0
    capacity: Positive | None = None
    tags: str = ""


class Conflict(Strict):
    """conflicts.csv: a spell in which a conflict drives people out of a town."""

    town: Slug
    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    intensity: Share = Field(default=1.0, gt=0)


class Closure(Strict):
    """closures.csv: legs that are closed, or a camp that does not exist yet, from a date on."""

    what: ClosureKind
    first: Text
    second: str = ""
    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date | None = Field(default=None, validation_alias="to", serialization_alias="to")
    tags: str = ""


class Recount(Strict):
    """evidence/recounts.csv: a day on which a camp was registered anew; earlier counts follow."""

    town: Slug
    date: Date
    note: str = ""
