"""The page before anybody touches it: headline, charts, map, glossary, levers."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import Any

from nostoi import __version__
from nostoi.case.case import Case
from nostoi.present import headline, markdown, tables_evidence
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Gate, Row
from nostoi.present.evidence import Observed, gated, rows
from nostoi.present.page.bands import Floats, Json, Kind, Part, chart, whole_weeks
from nostoi.present.plots import at_home, hosts_by_size
from nostoi.present.reading import Fit
from nostoi.present.strings import label, section, text
from nostoi.present.table import Table
from nostoi.present.tables_fit import vintages
from nostoi.rules.moves import RULES
from nostoi.study.levers import Span


@dataclass(frozen=True)
class Shown:
    """What every part is made from."""

    fit: Fit
    case: CaseView
    gate: Gate
    observed: list[Observed]


def summary(m: Shown) -> Json:
    """Headline numbers, sentences, and what the numbers cannot tell."""
    cards = headline.cards(m.fit, m.case, m.gate)
    fill = {"threshold": f"{m.case.threshold:.0f}", "round_to": f"{m.case.round_to:.0f}"}
    return {
        **source(m),
        "title": m.case.title,
        "question": m.case.question,
        "start": m.case.start,
        "end": m.case.end,
        "event": m.case.event,
        "event_name": m.case.event_name,
        "stamp": text(f"stamp.{m.fit.stamp}_long") if m.fit.stamp else "",
        "sentences": headline.sentences(m.fit, m.case, cards, m.observed),
        "cards": [
            {"name": card.name, "label": card.label, "definition": card.definition,
             "value": card.value, "within50": card.within50, "within90": card.within90}
            for card in cards
        ],
        "by_rule": table(headline.by_rule(m.fit, m.gate)),
        "limits": markdown.first_items(m.case.limits, 100) or [text("page.limits_none")],
        "notes": [text("interval_note"), text("dagger_note"), text("withheld_note", **fill)],
    }  # fmt: skip


def source(m: Shown) -> Json:
    """What a quoted figure must carry: the case, its fingerprint, the vintage, the version."""
    return {
        "case": m.case.name,
        "hash": str(m.fit.meta.get("case_hash", ""))[:12],
        "vintage": vintages(m.case),
        "version": __version__,
    }


def charts(m: Shown) -> Json:
    """All charts of the estimate by name."""
    fit, case, dates = m.fit, m.case, m.fit.dates
    fill = headline.dates(fit, case)

    def of(name: str, unit: str, whole: bool, parts: list[Part]) -> Json:
        kind = Kind(unit, text(f"intro.{name}", **fill), whole)
        return chart(kind, parts, dates, m.gate)

    weeks = whole_weeks(dates)

    def weekly(name: str, whole: bool, parts: list[Part]) -> Json:
        kind = Kind("persons per week", text(f"intro.{name}", **fill), whole)
        cut = [part._replace(draws=part.draws[:, : len(weeks)]) for part in parts]
        return chart(kind, cut, weeks, m.gate)

    rules = [(rule, label("rules", rule)) for rule in fit.names("rule")]
    hosts = [(code, case.place(code)) for code in hosts_by_size(fit)]

    def by(dim: str, names: list[tuple[str, str]], variable: str) -> list[Part]:
        return [Part(k, said, _flat(fit.draws(variable, **{dim: k}))) for k, said in names]

    flows = {"leave": "leave_week", "home": "home_week", "on": "on_week", "again": "again_week"}
    moves = [Part(k, text(f"panels.{k}_week"), _flat(fit.draws(v))) for k, v in flows.items()]
    belief = [Part("home", text("panels.belief_home"), _flat(at_home(fit, case)))]
    belief += [Part(g, case.group(g), _flat(fit.draws("belief_home", group=g)))
               for g in fit.informed]  # fmt: skip
    belief.append(Part("rumour", text("panels.rumour_home"), _flat(fit.draws("rumour_home"))))
    return {
        "stocks_rule": of("stocks", "persons", False, by("rule", rules, "stock_rule")),
        "stocks_host": of("stocks", "persons", True, by("place", hosts, "stock_place")),
        "moves": weekly("moves", False, moves),
        "arrivals_host": weekly("moves", True, by("place", hosts, "arrivals_place")),
        "home_host": weekly("moves", True, by("place", hosts, "home_place")),
        "returned": of("returned", "persons", False, by("rule", rules, "returned_rule")),
        "belief": of("belief", "share", False, belief),
    }


def _flat(draws: Floats) -> Floats:
    """Chains one after another, [draw, date]."""
    return draws.reshape(-1, draws.shape[-1])


def world(m: Shown) -> Json:
    """The map: outlines of countries, and where the places lie."""
    place = resources.files("nostoi.present").joinpath("data/countries.json")
    shapes = m.case.boundaries or json.loads(place.read_text(encoding="utf-8"))
    own = "boundaries" if m.case.boundaries is None else "boundaries_case"
    spots = [m.case.origin, *(m.case.places[c] for c in hosts_by_size(m.fit) if c in m.case.places)]
    return {
        "shapes": shapes,
        "note": text(f"notes.{own}"),
        "origin": m.case.origin.code,
        "places": [
            {"code": s.code, "name": s.name,
             "lat": _degrees(s.latitude), "lon": _degrees(s.longitude)} for s in spots
        ],
    }  # fmt: skip


def _degrees(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def evidence(m: Shown) -> Json:
    """Each published figure beside the interval of what the model says would be shown."""
    found: list[Row] = []
    kept = [gated(figure, m.gate) for figure in m.observed]
    for figure, row in zip(kept, rows(kept), strict=True):
        said = m.case.publisher(figure.publisher)
        named = {"publisher": figure.publisher, "publisher_name": said, "family": figure.family}
        found.append({**row, **named, "inside90": float(figure.inside(90)),
                      "place": figure.place_name, "confidence": figure.confidence,
                      "link": m.case.row(figure.id).get("source_url", "")})  # fmt: skip
    return {
        "rows": found,
        "definition": text("intro.sources"),
        "contradictions": table(tables_evidence.contradictions(m.fit, m.case, m.gate, m.observed)),
        "contradictions_note": text("intro.returned"),
    }


def table(found: Table) -> Json:
    """A table as plain data."""
    return {
        "title": found.title,
        "head": list(found.head),
        "body": [[{"words": c.words, "small": c.small, "link": c.link} for c in row]
                 for row in found.body],
        "note": found.note,
    }  # fmt: skip


def glossary(m: Shown) -> Json:
    """Every word and every rule."""
    fill = headline.dates(m.fit, m.case)
    words = [
        {"word": said, "says": text(f"headline.{name}_def", **fill)}
        for name, said in section("headline").items()
        if not name.endswith("_def")
    ]
    words += [{"word": said, "says": label("rules_long", name)}
              for name, said in section("rules").items()]  # fmt: skip
    words += [{"word": word, "says": says} for word, says in section("glossary").items()]
    rules = [
        {"name": rule.name, "says": rule.says, "kind": rule.kind, "moves": list(rule.moves),
         "unit": rule.unit, "source": rule.source, "part": rule.part}
        for rule in RULES
    ]  # fmt: skip
    return {"words": sorted(words, key=lambda one: one["word"].lower()), "rules": rules}


def levers(case: Case, view: CaseView, span: Span, draws: int) -> Json:
    """What may be bent, and within which limits."""
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "since": min(max(case.spec.end, span.first), span.last).isoformat(),
        "draws": draws,
        "money": bool(case.money),
        "hosts": [{"code": p.place, "name": view.place(p.place)} for p in case.hosts],
        "note": text("levers.note"),
    }


def lives(found: dict[str, Any] | None, view: CaseView) -> Json:
    """Single lives as `nostoi lives` wrote them; synthetic persons only."""
    told = {"synthetic": text("lives.synthetic"), "how": text("levers.lives_how")}
    places = {code: view.place(code) for code in [view.origin.code, *view.places]}
    return {**told, "places": places, "found": found}
