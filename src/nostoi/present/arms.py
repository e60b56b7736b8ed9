"""The folder of the honest arms: one page of tables, quantiles as CSV, one figure for each camp."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nostoi import __version__
from nostoi.case.case import Case
from nostoi.present.arms_plots import camp_figures
from nostoi.present.arms_rows import (
    COUNT,
    error_rows,
    forecast_rows,
    page,
    score_rows,
    shared_rows,
)
from nostoi.present.disclosure import Gate, Row
from nostoi.present.export import write_csv, write_figure
from nostoi.present.report import whole
from nostoi.present.summary import QUANTILES
from nostoi.study.arms.run import Arms

PAGE = "arms.md"
SOURCES = (
    "Counts of camps in Flee's public cases come from UNHCR's portals, dates of outbreaks from "
    "ACLED, populations from citypopulation.de."
)


@dataclass(frozen=True)
class Table:
    """A table on its way out: file name, rows, columns that count persons, what it is."""

    name: str
    rows: list[Row]
    counts: tuple[str, ...]
    definition: str


def write_arms(arms: Arms, case: Case, out: Path) -> Path:
    """Write all that was run into a folder, as a whole or not at all.

    Args:
        arms: what was run.
        case: the case.
        out: the folder; must not exist.

    Returns:
        The page of tables.
    """
    gate = Gate.of(case.spec.disclosure)
    meta = {"case": case.spec.name, "case_hash": case.hash, "nostoi": __version__,
            "sources": SOURCES}  # fmt: skip
    figures = camp_figures(arms, gate)
    with whole(out) as folder:
        (folder / PAGE).write_text(page(arms, case.spec.title) + "\n" + SOURCES + "\n", "utf-8")
        for table in _tables(arms):
            data = gate.release(table.rows, counts=table.counts)
            write_csv(folder / f"{table.name}.csv", data, meta | {"definition": table.definition})
        for figure in figures:
            write_figure(folder, figure, meta)
    return out / PAGE


def _tables(arms: Arms) -> list[Table]:
    """The tables that have rows."""
    every = [
        Table("forecast", forecast_rows(arms), COUNT, "Quantiles of persons in camps."),
        Table("no-peeking", shared_rows(arms), (*QUANTILES, "came"),
              "Persons in camps when the total is known."),
        Table("errors", error_rows(arms.errors), (), "Errors of camp counts after day 30."),
        Table("scores", score_rows(arms.scores), (), "Scores; CRPS, WIS and errors in persons."),
    ]  # fmt: skip
    return [table for table in every if table.rows]
