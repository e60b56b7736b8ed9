"""How likely a life is: shares of simulated people, with the error of counting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import beta

from nostoi.study.likeness import Likeness
from nostoi.study.stays import Stays

Array = Any

SURE = 0.95
"""Mass of the printed intervals."""


@dataclass(frozen=True)
class Share:
    """A share of simulated people.

    Attributes:
        people: how many they are.
        of: of how many.
        share: people / of; 0 of 0 is nan.
        error: standard error of counting.
        low, high: exact (Clopper-Pearson) 95 % interval for the share.
    """

    people: int
    of: int
    share: float
    error: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float | int | None]:
        """For a machine; the keys are stable (docs/json-output.md); nan is null."""
        found = asdict(self)
        return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in found.items()}


def share_of(people: int, of: int) -> Share:
    """A share with its errors, from counts of independent people."""
    if of == 0:
        return Share(people, 0, math.nan, math.nan, math.nan, math.nan)
    share, tail = people / of, (1.0 - SURE) / 2.0
    low = float(beta.ppf(tail, people, of - people + 1)) if people else 0.0
    high = float(beta.ppf(1.0 - tail, people + 1, of - people)) if people < of else 1.0
    return Share(people, of, share, math.sqrt(share * (1.0 - share) / of), low, high)


@dataclass(frozen=True)
class Chance:
    """How many fulfil one part of a description, or all parts up to it.

    Attributes:
        part: key of the part; "all" for everything at once.
        asks: what it asks for.
        all_people, leavers, in_time: share of all people, of those who left, and of those who left
            within the days asked for (None where no days are asked for).
        so_far: people who fulfil this part and all before it, of all people.
    """

    part: str
    asks: Any
    all_people: Share
    leavers: Share
    in_time: Share | None
    so_far: Share

    def as_dict(self) -> dict[str, Any]:
        """For a machine; the keys are stable (docs/json-output.md)."""
        return {
            "part": self.part,
            "asks": self.asks,
            "of_all_people": self.all_people.as_dict(),
            "of_leavers": self.leavers.as_dict(),
            "of_leavers_in_time": None if self.in_time is None else self.in_time.as_dict(),
            "with_all_before": self.so_far.as_dict(),
        }


@dataclass(frozen=True)
class Crowd:
    """How many people there are in all, and in the groups asked for, and who left; numbers."""

    people: int
    in_groups: int
    left: int


def chances(like: Likeness, stays: Stays, crowd: Crowd) -> tuple[Chance, ...]:
    """How many people fulfil each part alone, each with all before it, and all together.

    A person fulfils parts together if one stay of theirs does. Of all people the part `groups` is
    fulfilled by all members, also those who never left; every other part speaks of leavers.
    """
    person = _position(stays.row)
    size = int(person[-1]) + 1 if len(person) else 0

    def who(stay: Array) -> Array:
        """Whether a person has a stay that is marked, [person]."""
        return np.bincount(person[stay], minlength=size) > 0

    fulfilled = {part.name: part.gap == 0.0 for part in like.seen}
    in_time = who(fulfilled["leaves"]) if "leaves" in fulfilled else None
    so_far = np.ones(len(stays), bool)
    found: list[Chance] = []
    for part in like.seen:
        so_far = so_far & fulfilled[part.name]
        alone, together = who(fulfilled[part.name]), who(so_far)
        everybody, up_to_here = int(alone.sum()), int(together.sum())
        if part.name == "groups":
            everybody = up_to_here = crowd.in_groups
        found.append(
            Chance(
                part=part.name,
                asks=part.asks,
                all_people=share_of(everybody, crowd.people),
                leavers=share_of(int(alone.sum()), crowd.left),
                in_time=_within(alone, in_time),
                so_far=share_of(up_to_here, crowd.people),
            )
        )
    both = who(so_far)
    total = share_of(int(both.sum()), crowd.people)
    of_leavers = share_of(int(both.sum()), crowd.left)
    found.append(Chance("all", None, total, of_leavers, _within(both, in_time), total))
    return tuple(found)


def pooled(runs: Sequence[tuple[Chance, ...]]) -> tuple[Chance, ...]:
    """The chances of several runs taken as one, part by part."""
    return tuple(_pool(parts) for parts in zip(*runs, strict=True))


def _pool(parts: Sequence[Chance]) -> Chance:
    def total(shares: Iterable[Share]) -> Share:
        counts = [(share.people, share.of) for share in shares]
        return share_of(sum(people for people, _ in counts), sum(of for _, of in counts))

    in_time = [part.in_time for part in parts if part.in_time is not None]
    return Chance(
        part=parts[0].part,
        asks=parts[0].asks,
        all_people=total(part.all_people for part in parts),
        leavers=total(part.leavers for part in parts),
        in_time=total(in_time) if in_time else None,
        so_far=total(part.so_far for part in parts),
    )


def _within(alone: Array, in_time: Array | None) -> Share | None:
    """Share among those who left in time."""
    if in_time is None:
        return None
    return share_of(int((alone & in_time).sum()), int(in_time.sum()))


def _position(row: Array) -> Array:
    """0, 1, 2 ... for each person in the order of rows (equal rows stand together)."""
    if len(row) == 0:
        return row
    return np.concatenate([[0], np.cumsum(row[1:] != row[:-1])])
