"""Facts: what a model of a case must reproduce, held against a fit; every fact gets a verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from nostoi.base.calendar import Floats
from nostoi.base.errors import Finding, NostoiError
from nostoi.base.withheld import shown
from nostoi.case.case import Case
from nostoi.case.facts import Fact, Figure, Part
from nostoi.case.ledger import Observation
from nostoi.case.schema import Disclosure
from nostoi.observe.scale import ends

if TYPE_CHECKING:
    from nostoi.study.figures import Questions

MOST = 0.8
"""A fact is reproduced if at least this share of its parts is: of ten figures inside their 90
percent intervals by right, one or two may lie outside by chance."""
LONGEST = 6
"""Parts that the summary of a fact spells out; those that were missed come first."""

Answers = Mapping[tuple[int, int], Floats]
"""The model's answer to part (fact, part), one number per draw."""


@dataclass(frozen=True)
class Outcome:
    """One part beside the model's answer; the numbers are NaN where the model has none.

    Attributes:
        must: a fact that misses this part is reproduced in part at best.
        counts: the figures are persons, crossings or papers (not a share or a percentage).
    """

    says: str
    low: float
    high: float
    low90: float
    median: float
    high90: float
    inside: bool
    counts: bool
    outside: str = ""
    must: bool = False


def questions_of(case: Case) -> Questions | None:
    """What the facts of a case ask beyond published rows, compiled; None if nothing."""
    from nostoi.base.numerics import prepare
    from nostoi.infer.model import target_of
    from nostoi.study.figures import Questions

    wanted = _wanted(case)
    if not wanted:
        return None
    prepare()
    found = Questions(target_of(case), list(wanted.values()))
    found.prepare()
    return found


def write_facts(fit: Path, case: Case | None = None, questions: Questions | None = None) -> Path:
    """Holds the facts of a case against its fit and writes `facts.json` into the fit folder.

    `case` is the fit's and `questions` are its own, where the caller has them already.

    Raises:
        NostoiError: N603, the fit is not finished or is one of another case; and what loading
            the case raises.
    """
    from nostoi.case.load import load

    meta = _meta(fit)
    case = case or load(Path(meta["case_folder"]))
    if meta.get("status") != "done" or meta["case_hash"] != case.hash:
        raise NostoiError(_refusal(fit, "the fit is not finished, or the case was changed"))
    groups = {name: _group(fit, name) for name in ("posterior", "posterior_predictive")}
    asked = questions or questions_of(case)
    found = judge(case, answers_of(case, groups, int(meta["seed"]), asked))
    path, part = fit / "facts.json", fit / "facts.json.part"
    part.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)
    return path


def _group(fit: Path, name: str) -> xr.Dataset:
    """One group of posterior.nc: to open them all takes longer than to read what is asked for."""
    with xr.open_dataset(fit / "posterior.nc", group=name, engine="h5netcdf") as opened:
        return opened.load()


def _meta(fit: Path) -> dict[str, Any]:
    """The content of fit.json."""
    try:
        found: dict[str, Any] = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NostoiError(_refusal(fit, "the folder holds no readable fit.json")) from None
    return found


def _refusal(fit: Path, what: str) -> Finding:
    return Finding(603, what, file=str(fit), do="run `nostoi fit` again, then ask for the facts")


def answers_of(
    case: Case, groups: Mapping[str, xr.Dataset], seed: int, asked: Questions | None
) -> dict[Any, Floats]:
    """The model's answers to all parts: rows from the file, other figures recomputed."""
    from nostoi.study.figures import values_of

    predicted = groups["posterior_predictive"]["y"]
    found: dict[Any, Floats] = {
        (i, j): np.asarray(predicted.sel(obs=part.row).values, float).ravel()
        for i, fact in enumerate(case.facts)
        for j, part in enumerate(fact.parts)
        if part.row
    }
    if asked is None:
        return found
    given = asked.answers(values_of(asked.target, groups["posterior"]), seed)
    by_key = dict(zip(_wanted(case), given, strict=True))
    for i, j, name in by_key:
        if name == "of":
            below = by_key.get((i, j, "over"))
            own = by_key[i, j, "of"]
            found[i, j] = own.shown if below is None else own.plain / below.plain
    return found


def _wanted(case: Case) -> dict[tuple[int, int, str], tuple[Figure, float]]:
    """Figures that are not in the file, by fact, part and place, each with its size."""
    return {
        (i, j, name): (figure, _size(part))
        for i, fact in enumerate(case.facts)
        for j, part in enumerate(fact.parts)
        for name, figure in (("of", part.of), ("over", part.over))
        if figure is not None
    }


def _size(part: Part) -> float:
    """Size of the published figure, which sets the noise of a balance."""
    ends_given = [abs(end) for end in (part.low, part.high) if end is not None]
    return max(sum(ends_given) / max(len(ends_given), 1), 1.0)


def judge(case: Case, answers: Answers) -> list[dict[str, Any]]:
    """A verdict for every fact of the case; the keys are stable (docs/json-output.md)."""
    rows = {row.id: row for row in case.evidence.rows}
    control = case.spec.disclosure
    found = []
    for i, fact in enumerate(case.facts):
        parts = [
            outcome(part, rows.get(part.row), answers.get((i, j)))
            for j, part in enumerate(fact.parts)
        ]
        found.append(_verdict(fact, parts, control))
    return found


def outcome(part: Part, row: Observation | None, draws: Floats | None) -> Outcome:
    """One part held against the model's draws."""
    if row is not None:
        low, high = ends(row)
        says = part.says or f"{row.id} {row.measure} {row.place} to {row.period_end}"
    else:
        low = -np.inf if part.low is None else part.low
        high = np.inf if part.high is None else part.high
        says = part.says
    if draws is None or part.outside:
        nan = float("nan")
        beyond = part.outside or "no answer"
        return Outcome(says, nan, nan, nan, nan, nan, False, False, beyond, part.must)
    low90, median, high90 = (float(q) for q in np.nanquantile(draws, (0.05, 0.5, 0.95)))
    inside = low - part.tolerance <= high90 and high + part.tolerance >= low90
    counts = _counts(part, row)
    return Outcome(says, low, high, low90, median, high90, inside, counts, must=part.must)


def _counts(part: Part, row: Observation | None) -> bool:
    """Whether a part counts persons, crossings or papers."""
    if row is not None:
        return row.unit != "percent"
    shares = ("onward_share", "left_share", "returned_share")
    asked = part.of.measure if part.of else ""
    return not (
        part.over
        or (part.of and part.of.quantity in shares)
        or asked in ("returned_share", "fear", "anxiety", "returned", "returned_or_visited")
    )


def _verdict(fact: Fact, parts: Sequence[Outcome], control: Disclosure) -> dict[str, Any]:
    """Verdict and words of one fact."""
    inside = sum(part.inside for part in parts)
    whole = inside >= MOST * len(parts) and all(p.inside for p in parts if p.must)
    word = "reproduced" if whole else "partly" if inside else "not"
    order = sorted(parts, key=lambda part: (part.inside, bool(part.outside)))
    spoken = [_spoken(part, control) for part in order if not part.outside]
    more = len(spoken) - LONGEST
    tail = [f"and {more} more"] if more > 0 else []
    said = "; ".join([*spoken[:LONGEST], *tail]) or "the model has none of it"
    return {
        "fact": fact.fact,
        "published": fact.published,
        "model": f"{inside} of {len(parts)} parts inside. {said}",
        "verdict": word,
        "why": _why(fact, parts),
        "parts": [_entry(part, control) for part in parts],
    }


def _why(fact: Fact, parts: Sequence[Outcome]) -> str:
    """What was missed, what lies outside, and the case's own reading."""
    missed = [part.says for part in parts if not part.inside and not part.outside]
    beyond = [f"{part.says} ({part.outside})" for part in parts if part.outside]
    said = [f"Missed: {'; '.join(missed)}." if missed else ""]
    said.append(f"Outside the model: {'; '.join(beyond)}." if beyond else "")
    said.append(fact.reading)
    return " ".join(one for one in said if one) or "All figures lie inside."


def _spoken(part: Outcome, control: Disclosure) -> str:
    """A part in words: what the model says, and its 90 percent interval."""
    low, middle, high = (
        number(v, part.counts, control) for v in (part.low90, part.median, part.high90)
    )
    return f"{part.says}: {middle} [{low} to {high}]"


def _entry(part: Outcome, control: Disclosure) -> dict[str, Any]:
    """A part for a machine, numbers as text under disclosure control."""
    numbers = {
        name: number(getattr(part, name), part.counts, control)
        for name in ("low", "high", "low90", "median", "high90")
    }
    return {"says": part.says, "inside": part.inside, "outside": part.outside, **numbers}


def number(value: float, counts: bool, control: Disclosure) -> str:
    """Three digits of a number; counts below the threshold are withheld, open ends empty."""
    if not np.isfinite(value):
        return ""
    if counts:
        kept = shown(value, control.threshold, control.round_to)
        if kept is None:
            return f"above -{control.threshold}" if value < 0 else f"under {control.threshold}"
        value = kept
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if counts or abs(rounded) >= 100 else f"{rounded:g}"
