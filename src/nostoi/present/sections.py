"""The parts of the report after page one: which figures and tables stand under which heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nostoi.present import (
    markdown,
    marks,
    plots,
    plots_sources,
    tables,
    tables_evidence,
    tables_fit,
)
from nostoi.present.caseview import CaseView
from nostoi.present.chart import Figure
from nostoi.present.disclosure import Gate
from nostoi.present.evidence import RETURNED, Observed, by_family
from nostoi.present.headline import dates
from nostoi.present.moves_map import moves_map
from nostoi.present.reading import Fit
from nostoi.present.scored import Scored
from nostoi.present.strings import text
from nostoi.present.table import Table


@dataclass(frozen=True)
class Section:
    """A heading with figures and tables; `folded` tables open on a click."""

    name: str
    title: str
    intro: str = ""
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    folded: Sequence[Table] = ()
    notes: Sequence[str] = ()
    html: str = ""


@dataclass(frozen=True)
class Material:
    """What every section is made from."""

    fit: Fit
    case: CaseView
    gate: Gate
    observed: Sequence[Observed]
    scores: Scored | None = None


def sections(m: Material) -> list[Section]:
    """All sections in reading order."""
    scores = [_scores(m, m.scores)] if m.scores else []
    return [
        _stocks(m), _moves(m), _map(m), _returned(m), _sources(m), _belief(m), _ready(m),
        _parameters(m), _facts(m), _checks(m), *scores, _limits(m), _provenance(m),
    ]  # fmt: skip


def _scores(m: Material, scores: Scored) -> Section:
    notes = (text("notes.scores", days=", ".join(scores.as_of)),)
    figures, shown = [marks.plot(scores.marks)], [marks.table(scores.marks)]
    return Section(*_heading(m, "scores"), figures, shown, notes=notes)


def _heading(m: Material, name: str) -> tuple[str, str, str]:
    fill = dates(m.fit, m.case)
    return name, text(f"sections.{name}"), text(f"intro.{name}", **fill)


def _stocks(m: Material) -> Section:
    figures = [plot(m.fit, m.case, m.gate) for plot in (plots.stocks_rule, plots.stocks_host)]
    groups = tables.groups(m.fit, m.case, m.gate)
    notes = () if groups else (tables.groups_note(m.fit, m.case),)
    folded = [tables.hosts(m.fit, m.case, m.gate), *([groups] if groups else [])]
    return Section(*_heading(m, "stocks"), figures, folded=folded, notes=notes)


def _moves(m: Material) -> Section:
    onward = tables.onward(m.fit, m.case, m.gate)
    folded = [onward] if onward else []
    return Section(*_heading(m, "moves"), [plots.moves(m.fit, m.case, m.gate)], folded=folded)


def _map(m: Material) -> Section:
    return Section(*_heading(m, "map"), [moves_map(m.fit, m.case, m.gate)])


def _returned(m: Material) -> Section:
    figures = [plots.returned(m.fit, m.case, m.gate)]
    if any(f.measure in RETURNED and not f.counts_persons for f in m.observed):
        figures.append(plots_sources.published_shares(m.observed, m.case, m.gate))
    found = [tables_evidence.contradictions(m.fit, m.case, m.gate, m.observed)]
    return Section(*_heading(m, "returned"), figures, found)


def _sources(m: Material) -> Section:
    families = {name: f for name, f in by_family(m.observed).items() if name != "poll"}
    figures = [plots_sources.sources(f, m.case, m.gate, name) for name, f in families.items()]
    bias = tables_evidence.biases(m.fit, m.case)
    notes = () if bias else (text("notes.bias_none"),)
    return Section(*_heading(m, "sources"), figures, [bias] if bias else [], notes=notes)


def _belief(m: Material) -> Section:
    figures = [plots.belief(m.fit, m.case, m.gate)]
    polls = [f for f in m.observed if f.family == "poll"]
    if polls:
        figures.append(plots_sources.polls(polls, m.case, m.gate))
    return Section(*_heading(m, "belief"), figures, notes=(tables.groups_note(m.fit, m.case),))


def _ready(m: Material) -> Section:
    figure = plots_sources.readiness(tables.ready_rows(m.fit, m.case, m.gate), m.gate)
    return Section(*_heading(m, "ready"), [figure], [tables.ready(m.fit, m.case, m.gate)])


def _parameters(m: Material) -> Section:
    rows = tables_fit.parameter_rows(m.fit, m.case)
    figures = [plots_sources.ratios(rows, m.gate)] if rows else []
    return Section(*_heading(m, "parameters"), figures, folded=[tables_fit.parameters(rows)])


def _facts(m: Material) -> Section:
    if not m.fit.facts:
        return Section(*_heading(m, "facts"), notes=(text("notes.facts_none"),))
    return Section(*_heading(m, "facts"), tables=[tables_fit.facts(m.fit.facts)])


def _checks(m: Material) -> Section:
    families = by_family(m.observed)
    figures = [plots_sources.coverage_plot(families, m.gate)] if families else []
    shown = [tables_evidence.covered(families)]
    folded = [tables_evidence.misses(m.observed, m.case, m.gate),
              tables_evidence.account(m.case), tables_evidence.ledger(m.case, m.gate)]  # fmt: skip
    return Section(*_heading(m, "checks"), figures, shown, folded)


def _limits(m: Material) -> Section:
    words = markdown.to_html(m.case.limits or text("page.limits_none"))
    return Section(*_heading(m, "limits"), html=words, notes=(text("notes.proved"),))


def _provenance(m: Material) -> Section:
    table = tables_fit.provenance(m.fit, m.case)
    return Section(*_heading(m, "provenance"), tables=[table], notes=(text("notes.posterior"),))
