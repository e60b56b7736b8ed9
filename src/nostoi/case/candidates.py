"""Candidate measurements: what could be asked or counted next, how well, and for how much.

A file of candidates belongs to a question, not to a case. It names the quantity that is to become
known better and lists what could be measured; sizes of errors are those of the measurement, not of
what it measures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.complaints import Complaints, Words, explain, near
from nostoi.case.files import words_of
from nostoi.case.ledger import Rule
from nostoi.case.quantities import FROM_FILE, Date, NotNegative, Positive, Whole, shown
from nostoi.case.strict import Slug, Strict, Text
from nostoi.case.text import read_text
from nostoi.case.yamls import Document, read_yaml


class Wanted(Strict):
    """The quantity that is to become known better, on one day."""

    what: Literal["returned", "returned_share", "abroad"]
    rule: Rule = "any"
    place: Text | None = None
    date: Date


class _Candidate(Strict):
    name: Slug
    cost: Positive
    says: str = ""


class Survey(_Candidate):
    """`n` people are asked; `frame_sd` is the log-odds error of frame and selection together.

    `returned`: those who left are asked whether they came back (by the residence rule);
    `been_abroad`: residents of the origin's groups are asked whether they were abroad so long.
    """

    kind: Literal["survey"]
    question: Literal["returned", "been_abroad"]
    rule: Rule = "any"
    n: Whole = Field(ge=10)
    date: Date
    frame_sd: NotNegative = 0.3
    design_effect: Positive = Field(default=1.5, ge=1)


class Border(_Candidate):
    """Persons of the case counted at the border of a host in a period."""

    kind: Literal["border"]
    place: Text
    direction: Literal["in", "home"]
    start: Date = Field(validation_alias="from", serialization_alias="from")
    end: Date = Field(validation_alias="to", serialization_alias="to")
    coverage_sd: NotNegative = 0.1
    noise: NotNegative = 0.1


class Permits(_Candidate):
    """Permits or files valid in a host on a day, whose coverage is known up to `coverage_sd`."""

    kind: Literal["permits"]
    place: Text
    date: Date
    coverage_sd: NotNegative = 0.3
    noise: NotNegative = 0.1


class Poll(_Candidate):
    """`n` people at the origin are asked whether they expect a call-up."""

    kind: Literal["poll"]
    n: Whole = Field(ge=10)
    date: Date
    group: Text | None = None
    frame_sd: NotNegative = 0.3
    design_effect: Positive = Field(default=1.5, ge=1)


Candidate = Annotated[Survey | Border | Permits | Poll, Field(discriminator="kind")]


class Candidates(Strict):
    """A file of candidates: the quantity wanted, and what could be measured."""

    quantity: Wanted
    candidates: tuple[Candidate, ...] = Field(min_length=1)


ADAPTER: TypeAdapter[Candidates] = TypeAdapter(Candidates)
WORDS = words_of(Candidates, Wanted, Survey, Border, Permits, Poll)


def read_candidates(path: Path, case: Case) -> Candidates:
    """The candidates in a YAML file, held against a case.

    Raises:
        NostoiError: every finding about the file, with its place.
    """
    out = Complaints()
    text = read_text(path.parent, path.name, out)
    if text is None and not out.errors:
        raise NostoiError(Finding(103, f"no such file {path}", do="check the path"))
    document = None if text is None else read_yaml(path.name, text, out)
    found = None if document is None else _parse(document, out)
    if found is not None and document is not None:
        _check(found, case, document, out)
    if out.errors or found is None:
        raise NostoiError(*out.errors)
    return found


def _parse(document: Document, out: Complaints) -> Candidates | None:
    try:
        return ADAPTER.validate_python(
            document.data, context=FROM_FILE, by_alias=True, by_name=False
        )
    except ValidationError as error:
        words = Words(document.name, WORDS)
        explain(error.errors(include_url=False), words, document.locate, out)
    return None


def _check(found: Candidates, case: Case, document: Document, out: Complaints) -> None:
    """Names once, hosts and groups of the case, days inside it."""
    hosts = {host.place for host in case.hosts}
    wanted = found.quantity
    _inside(wanted.date, case, document, ("quantity", "date"), out)
    if wanted.place is not None:
        _known(wanted.place, hosts, 120, document, ("quantity", "place"), out)
        if wanted.what != "abroad":
            at = _at(document, ("quantity", "place"))
            out.add(109, "only `abroad` can be asked for one host", *at)
    seen: set[str] = set()
    for k, one in enumerate(found.candidates):
        path = ("candidates", k)
        if one.name in seen:
            out.add(126, f"{shown(one.name)} stands twice", *_at(document, (*path, "name")))
        seen.add(one.name)
        if isinstance(one, Border):
            _inside(one.start, case, document, (*path, "from"), out)
            _inside(one.end, case, document, (*path, "to"), out)
            if one.end < one.start:
                out.add(118, "the period ends before it begins", *_at(document, (*path, "to")))
        else:
            _inside(one.date, case, document, (*path, "date"), out)
        if isinstance(one, Border | Permits):
            _known(one.place, hosts, 120, document, (*path, "place"), out)
        if isinstance(one, Poll) and one.group is not None:
            _known(one.group, set(case.groups), 121, document, (*path, "group"), out)


def _at(document: Document, path: tuple[str | int, ...]) -> tuple[str, int, str]:
    line, said = document.locate(path)
    return document.name, line or 1, said


def _inside(
    day: Date, case: Case, document: Document, path: tuple[str | int, ...], out: Complaints
) -> None:
    if not case.spec.start <= day <= case.spec.end:
        out.add(119, f"{day} is outside the case", *_at(document, path))


def _known(
    word: str,
    known: set[str],
    number: int,
    document: Document,
    path: tuple[str | int, ...],
    out: Complaints,
) -> None:
    if word not in known:
        said = f"unknown name {shown(word)}{near(word, known)}"
        out.add(number, said, *_at(document, path))
