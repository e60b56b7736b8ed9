"""An answer to a what-if, and a re-weighted answer, as plain data that has passed the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nostoi.base.phases import RULES
from nostoi.case.case import Case
from nostoi.present.caseview import CaseView
from nostoi.present.contrast import MOVES
from nostoi.present.disclosure import Gate, Row
from nostoi.present.page.bands import Floats, Json, Kind, Part, chart, whole_weeks
from nostoi.present.reading import Fit
from nostoi.present.strings import label, text
from nostoi.present.summary import LEVELS, QUANTILES
from nostoi.study.levers import as_scenario
from nostoi.study.reweight import Rows, quantiles
from nostoi.study.warm import Answer, Warm

HEADLINES = (("abroad_end", "any"), ("returned_end", "any"), ("returned_end", "3m"),
             ("returned_end", "12m"), ("left_since_event", ""))  # fmt: skip


def base(warm: Warm, view: CaseView, gate: Gate) -> Json:
    """The future without any change, from the first day on which a lever may act."""
    return _charts(warm, warm.base, view, gate)


def answer(warm: Warm, case: Case, found: Answer, view: CaseView, gate: Gate) -> Json:
    """Fans under a setting, the paired difference to the base, and its totals."""
    return {
        "draws": len(warm.numbers),
        "other": _charts(warm, found.other, view, gate),
        "difference": _charts(warm, found.difference, view, gate),
        "totals": _totals(found.difference, view, warm, gate),
        "scenario": as_scenario(found.levers, case, warm.span),
        "definition": text("levers.difference"),
    }


def _charts(warm: Warm, parts: Mapping[str, Floats], view: CaseView, gate: Gate) -> Json:
    first = sum(day < warm.span.first for day in warm.dates)
    dates = [day.isoformat() for day in warm.dates[first:]]
    weeks = whole_weeks(dates)
    hosts = warm.horizon.model.world.hosts

    def rules(name: str) -> list[Part]:
        return [Part(r, label("rules", r), parts[name][:, k, first:]) for k, r in enumerate(RULES)]

    def places(name: str) -> list[Part]:
        return [Part(h, view.place(h), parts[name][:, k, first:]) for k, h in enumerate(hosts)]

    moves = [Part(name, words, parts[name][:, first:]) for name, words in MOVES.items()]
    kinds = {
        "stock": (Kind("persons", text("levers.stock")), rules("stock")),
        "returned": (Kind("persons", text("levers.returned")), rules("returned")),
        "moves": (Kind("persons per week", text("levers.moves")), moves),
        "stock_place": (Kind("persons", text("levers.stock_place"), True), places("stock_place")),
        "arrive": (Kind("persons per week", text("levers.arrive"), True), places("arrive")),
    }
    made = {}
    for name, (kind, lines) in kinds.items():
        days = weeks if kind.unit == "persons per week" else dates
        cut = [line._replace(draws=line.draws[:, : len(days)]) for line in lines]
        made[name] = chart(kind, cut, days, gate)
    return made


def _totals(difference: Mapping[str, Floats], view: CaseView, warm: Warm, gate: Gate) -> Json:
    """Differences over the whole time, with their intervals."""
    hosts = warm.horizon.model.world.hosts
    found = [(words, "", difference[name].sum(-1)) for name, words in MOVES.items()]
    for name, words in (("stock", "abroad at the end"), ("returned", "returned at the end")):
        found += [(words, label("rules", r), difference[name][:, k, -1])
                  for k, r in enumerate(RULES)]  # fmt: skip
    found += [("in the host at the end", view.place(h), difference["stock_place"][:, k, -1])
              for k, h in enumerate(hosts)]  # fmt: skip
    rows: list[Row] = []
    for what, of, draws in found:
        cells = zip(QUANTILES, (float(v) for v in np.quantile(draws, LEVELS)), strict=True)
        rows.append({"what": what, "of": of, "unit": "persons", **dict(cells)})
    data = gate.release(rows, counts=QUANTILES)
    return {"rows": list(data.rows), "withheld": data.withheld}


def reweighted(fit: Fit, rows: Rows, off: Sequence[str], view: CaseView, gate: Gate) -> Json:
    """Headline numbers as if some publishers had never published, and whether to trust them."""
    weights = rows.without(off)
    found: list[Row] = []
    for name, rule in HEADLINES:
        draws = np.ravel(fit.draws(name, **({"rule": rule} if rule else {})))
        cells = quantiles(draws, weights, LEVELS)
        whole = np.quantile(draws, LEVELS)
        row: Row = {q: float(v) for q, v in zip(QUANTILES, cells, strict=True)}
        row |= {f"{q}_all": float(v) for q, v in zip(QUANTILES, whole, strict=True)}
        said = text("headline.returned_end" if name == "returned_end" else f"headline.{name}")
        found.append({"what": said, "of": label("rules", rule) if rule else "", **row})
    data = gate.release(found, counts=(*QUANTILES, *(f"{q}_all" for q in QUANTILES)))
    return {
        "off": [{"publisher": p, "name": view.publisher(p)} for p in off],
        "khat": round(weights.khat, 3) if np.isfinite(weights.khat) else None,
        "ess": round(weights.ess),
        "trusted": weights.trusted,
        "warning": "" if weights.trusted else text("levers.poor"),
        "rows": list(data.rows),
    }
