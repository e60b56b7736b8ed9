"""Tables of people: hosts, onward moves, groups, readiness."""

from __future__ import annotations

import math

import numpy as np

from nostoi.present import words
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Gate, Row
from nostoi.present.headline import both
from nostoi.present.plots import hosts_by_size
from nostoi.present.reading import Fit
from nostoi.present.strings import label, text
from nostoi.present.summary import Estimate, Floats, band_row, bands, summarise
from nostoi.present.table import Shown, Table, cell


def hosts(fit: Fit, case: CaseView, gate: Gate) -> Table:
    """Final stock, departures to and returns from each host, with totals."""
    places = hosts_by_size(fit)
    columns = [
        np.stack([fit.draws("stock_place", place=p)[..., -1] for p in places], -1),
        np.stack([fit.draws("leave_to", place=p) for p in places], -1),
        np.stack([fit.draws("home_from", place=p) for p in places], -1),
    ]
    medians = np.stack([np.median(column, axis=(0, 1)) for column in columns], -1)
    seen = gate.cross(medians, rows=False, columns=True)
    body = []
    for i, place in enumerate([*places, ""]):
        line = [cell(case.place(place) if place else "All hosts", style="" if place else "total")]
        for j, column in enumerate(columns):
            draws = column[..., i] if place else column.sum(-1)
            line.append(_guarded(gate.estimate(summarise(draws)), bool(np.isnan(seen[i, j]))))
        body.append(line)
    head = ["Host", f"Abroad on {fit.dates[-1]}", "Arrived from the origin", "Returned from there"]
    return Table("hosts", "Hosts", head, body)


def _guarded(e: Estimate, hidden: bool) -> Shown:
    return cell(text("withheld"), style="number") if hidden else both(e)


def onward(fit: Fit, case: CaseView, gate: Gate) -> Table | None:
    """Moves between hosts, medians with totals; None where the fit does not say."""
    if not fit.has("onward"):
        return None
    places = fit.names("place")
    medians = np.median(fit.draws("onward"), axis=(0, 1))
    known = np.eye(len(places), dtype=bool)
    seen = gate.cross(np.where(known, 0.0, medians), rows=True, columns=True, known=known)
    names = [case.place(code) for code in places]
    body = []
    for i, name in enumerate([*names, "Total"]):
        line = [cell(name)]
        for j in range(len(names) + 1):
            line.append(_matrix_cell(seen[i, j], i == j and i < len(names)))
        body.append(line)
    head = ["From \\ to", *names, "Total"]
    return Table("onward", "Onward moves", head, body, text("notes.onward"))


def _matrix_cell(value: float, diagonal: bool) -> Shown:
    if diagonal:
        return cell("–", style="number")
    if math.isnan(value):
        return cell(text("withheld"), style="number")
    return cell(words.number(value, 100 if value >= 1000 else 5), style="number")


def groups(fit: Fit, case: CaseView, gate: Gate) -> Table | None:
    """Final stock and returned of the groups that some source informs."""
    if not fit.informed or not fit.has("stock_group", "returned_group"):
        return None
    body = []
    for group in fit.informed:
        line = [cell(case.group(group))]
        for name in ("stock_group", "returned_group"):
            line.append(both(gate.estimate(summarise(fit.draws(name, group=group)[..., -1]))))
        body.append(line)
    head = ["Group", f"Abroad on {fit.dates[-1]}", "Returned"]
    return Table("groups", "By group", head, body, groups_note(fit, case))


def groups_note(fit: Fit, case: CaseView) -> str:
    """Why some groups are not shown apart."""
    hidden = [case.group(g) for g in fit.names("group") if g not in fit.informed]
    if not fit.informed:
        return text("notes.groups_none")
    return text("notes.groups_hidden", groups=words.joined(hidden)) if hidden else ""


def readiness(fit: Fit, case: CaseView) -> list[tuple[str, str, Floats, float]]:
    """Would, could and ready: (panel, group, draws, low estimate of the persons back)."""
    weights = fit.draws("returned_group")[..., -1]
    total = np.maximum(weights.sum(-1), 1e-9)
    out = []
    for name, variable in (("would", "would"), ("could", "could"), ("ready", "ready_now")):
        if not fit.has(variable):
            continue
        draws = fit.draws(variable)
        panel = label("panels", name)
        mean = (draws * weights).sum(-1) / total
        out.append((panel, label("panels", "all"), mean, float(np.quantile(total, 0.05))))
        for group in fit.informed:
            i = fit.names("group").index(group)
            base = float(np.quantile(weights[..., i], 0.05))
            out.append((panel, case.group(group), draws[..., i], base))
    return out


def ready_rows(fit: Fit, case: CaseView, gate: Gate) -> list[Row]:
    """Readiness as tidy rows, through the gate."""
    out: list[Row] = []
    for panel, group, draws, base in readiness(fit, case):
        quantiles = {k: gate.share(v, base) for k, v in band_row(bands(draws)).items()}
        out.append({"panel": panel, "group": group, **quantiles})
    return out


def ready(fit: Fit, case: CaseView, gate: Gate) -> Table:
    """Would, could and ready in numbers."""
    lines: dict[str, list[Shown]] = {}
    panels = []
    for panel, group, draws, base in readiness(fit, case):
        panels.append(panel)
        e = gate.share_estimate(summarise(draws), base)
        lines.setdefault(group, [cell(group)]).append(both(e, percent=True))
    head = ["Of those who came back", *dict.fromkeys(panels)]
    return Table("ready", "Would × could", head, list(lines.values()), groups_note(fit, case))
