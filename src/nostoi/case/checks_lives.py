"""Holding the lives to look for against the case: words it knows, windows that can be met."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nostoi.case.checks_ways import unknown_town
from nostoi.case.checks_world import unknown_place
from nostoi.case.complaints import Complaints, near
from nostoi.case.lives import Life
from nostoi.case.parse import Parts
from nostoi.case.quantities import shown
from nostoi.case.schema import CaseFile


def check_lives(parts: Parts, out: Complaints) -> None:
    """All complaints about the files in `lives`."""
    for name, life in parts.lives.items():
        _words(parts, name, life, out)
        _windows(parts, name, life, out)


def _at(parts: Parts, name: str, *path: Any) -> tuple[str, int, str]:
    """Where a key of a life stands."""
    document = parts.reading.lives[name]
    line, said = document.locate(path)
    return document.name, line or 1, said


def _words(parts: Parts, name: str, life: Life, out: Complaints) -> None:
    """Groups, places, towns and modes are those of the case."""
    groups = parts.keys("people", "groups")
    for k, group in enumerate(life.groups if groups is not None else ()):
        if group not in (groups or ()):
            said = f"unknown group {shown(group)}{near(group, groups or ())}"
            out.add(121, said, *_at(parts, name, "groups", k))
    if life.host is not None:
        at = _at(parts, name, "host")
        places = parts.names("places", "place")
        if not unknown_place(life.host, places, at, out) and parts.spec is not None:
            _is_host(life.host, parts.spec.origin, at, out)
    towns = parts.names("towns", "town")
    for key, town in (("origin_town", life.origin_town), ("town", life.town)):
        if town is not None and not unknown_town(town, towns, _at(parts, name, key), out):
            _town_lies_there(parts, name, key, life, out)
    modes = parts.names("legs", "mode") or set()
    for k, mode in enumerate(life.modes):
        if mode not in modes:
            said = f"no leg goes by {mode}"
            out.add(171, said, *_at(parts, name, "modes", k))


def _is_host(host: str, origin: str, at: tuple[str, int, str], out: Complaints) -> None:
    """The host is not the origin."""
    if host == origin:
        out.add(172, f"{host!r} is the origin, not a host", *at)


def _town_lies_there(parts: Parts, name: str, key: str, life: Life, out: Complaints) -> None:
    """The town of origin lies in the origin, the other one in the host, and neither is a post."""
    origin = parts.spec.origin if parts.spec else None
    wanted = origin if key == "origin_town" else life.host
    code = life.origin_town if key == "origin_town" else life.town
    for row in parts.towns:
        it = row.it
        if it.town == code and (it.kind == "post" or it.place != (wanted or it.place)):
            said = f"{code!r} is a {it.kind} of {it.place!r}"
            out.add(172, said, *_at(parts, name, key))


def _windows(parts: Parts, name: str, life: Life, out: Complaints) -> None:
    """Windows run forward and within the case, and can be met together."""
    fits = True
    for key, window in (("leaves", life.leaves), ("returns", life.returns)):
        if window is None:
            continue
        if window.end < window.start:
            said = f"the window ends ({window.end}) before it begins ({window.start})"
            out.add(118, said, *_at(parts, name, key, "to"))
            fits = False
        elif parts.spec is not None and not _inside(window.start, window.end, parts.spec):
            out.add(119, "the window is outside the case", *_at(parts, name, key))
    for key, band in (("age", life.age), ("stay", life.stay)):
        if band is not None and band.high < band.low:
            said = f"to ({band.high:g}) is below from ({band.low:g})"
            out.add(173, said, *_at(parts, name, key, "to"))
            fits = False
    if fits and life.leaves is not None and life.returns is not None:
        _can_be_met(parts, name, life, out)


def _inside(first: dt.date, last: dt.date, spec: CaseFile) -> bool:
    """Whether a window lies within the case."""
    return spec.start <= first and last <= spec.end


def _can_be_met(parts: Parts, name: str, life: Life, out: Complaints) -> None:
    """Leaving, staying and returning fit one after the other."""
    if life.leaves is None or life.returns is None:
        return
    longest = (life.returns.end - life.leaves.start).days
    low = life.stay.low if life.stay else 0.0
    if longest < low:
        said = f"at most {longest} days lie between leaving and returning; the stay asks {low:g}"
        out.add(173, said, *_at(parts, name, "returns"))
