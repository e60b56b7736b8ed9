"""Tables of the fit itself: parameters, facts, provenance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from nostoi.infer.narrowed import verdict
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Row
from nostoi.present.reading import Fit, strings
from nostoi.present.strings import label, text
from nostoi.present.summary import Estimate, Floats, summarise_all
from nostoi.present.table import Table, cell

MANY = 12


def prior_of(fit: Fit, name: str) -> tuple[Floats, Floats] | None:
    """Prior mean and sd of a parameter, in the shape of its entries; None if not stored."""
    for group in ("prior", "constant_data"):
        data = fit.groups.get(group)
        if data is None:
            continue
        for mean, sd in (
            (f"{name}_mean", f"{name}_sd"),
            (f"prior_mean_{name}", f"prior_sd_{name}"),
        ):
            if sd in data:
                spread = np.asarray(data[sd].values, float)
                middle = data[mean].values if mean in data else np.zeros_like(spread)
                return np.asarray(middle, float), spread
        if name in data:
            return _moments(data[name])
    return None


def narrowed(fit: Fit, name: str, spread: Floats, sd: Floats) -> Floats:
    """Posterior sd ÷ prior sd of each entry, [entry].

    On the unit scale where the fit stores it: there a walk is judged by its increments, and a
    log-scale parameter by its log. Else in natural units, from `spread` (posterior) and `sd`.
    """
    prior = fit.groups.get("prior")
    if prior is not None and f"{name}_zsd" in prior:
        stored = np.asarray(prior[f"{name}_zsd"].values, float)
        return np.broadcast_to(stored, spread.shape if stored.ndim == 0 else stored.shape).ravel()
    ratio: Floats = spread / np.where(sd > 0, sd, np.nan)
    return ratio


def _moments(found: xr.DataArray) -> tuple[Floats, Floats]:
    """Mean and sd of a prior stored by `stat`, or as draws."""
    if "stat" in found.dims:
        pair = found.transpose("stat", ...).values
        return np.asarray(pair[0], float), np.asarray(pair[1], float)
    over = [d for d in ("chain", "draw") if d in found.dims]
    return (
        np.asarray(found.mean(over).values, float),
        np.asarray(found.std(over).values, float),
    )


def parameter_rows(fit: Fit, case: CaseView) -> list[Row]:
    """One row per parameter; long vectors are one row with the median ratio of their entries."""
    out: list[Row] = []
    for name, found in fit.groups["posterior"].data_vars.items():
        prior = prior_of(fit, str(name))
        draws = np.asarray(found.transpose("chain", "draw", ...).values, float)
        if prior is None or not np.issubdtype(found.dtype, np.number):
            continue
        flat = draws.reshape(*draws.shape[:2], -1)
        mean = np.broadcast_to(prior[0], draws.shape[2:]).ravel()
        sd = np.broadcast_to(prior[1], draws.shape[2:]).ravel()
        ratios = narrowed(fit, str(name), flat.std(axis=(0, 1)), sd)
        if flat.shape[-1] > MANY:
            out.append(_summary_row(f"{name} ({flat.shape[-1]} values)", ratios))
        else:
            titles = _titles(str(name), found, case)
            entries = zip(titles, summarise_all(flat), ratios, mean, sd, strict=True)
            out += [_row(*entry) for entry in entries]
    return [row for row in out if isinstance(row["ratio"], float) and math.isfinite(row["ratio"])]


def _titles(name: str, found: xr.DataArray, case: CaseView) -> list[str]:
    dims = [d for d in found.dims if d not in ("chain", "draw")]
    if not dims:
        return [name]
    if len(dims) == 1 and dims[0] in found.coords:
        plain = strings(found[dims[0]].values)
        readable = {"place": case.place, "group": case.group, "source": case.source}
        kind = str(dims[0]).replace("publisher", "source").rpartition("_")[2]
        read = readable.get(kind, str)
        return [f"{name}: {read(value)}" for value in plain]
    return [f"{name} [{i + 1}]" for i in range(int(np.prod([found.sizes[d] for d in dims])))]


def _row(title: str, e: Estimate, ratio: float, mean: float, sd: float) -> Row:
    ratio = float(ratio)
    return {"parameter": title, "prior_mean": float(mean), "prior_sd": float(sd),
            "low90": e.low90, "median": e.median, "high90": e.high90, "ratio": ratio,
            "label": verdict(ratio), "converged": "yes" if e.converged else "no"}  # fmt: skip


def _summary_row(title: str, ratios: Floats) -> Row:
    ratio = float(np.nanmedian(ratios))
    return {"parameter": title, "prior_mean": None, "prior_sd": None, "low90": None,
            "median": None, "high90": None, "ratio": ratio, "label": verdict(ratio),
            "converged": ""}  # fmt: skip


def parameters(rows: list[Row]) -> Table:
    """Prior, posterior and what the data taught, per parameter."""
    body = []
    for row in rows:
        prior = f"{_short(row['prior_mean'])} ± {_short(row['prior_sd'])}"
        mark = text("dagger") if row["converged"] == "no" else ""
        interval = f"[{_short(row['low90'])} to {_short(row['high90'])}]"
        posterior = f"{_short(row['median'])}{mark} {interval}"
        long = row["median"] is None
        word = str(row["label"])
        body.append(
            [cell(str(row["parameter"])), cell("" if long else prior, style="number"),
             cell("" if long else posterior, style="number"),
             cell(_short(row["ratio"]), style="number"), cell(label("learned", word), style=word)]
        )  # fmt: skip
    head = ["Parameter", "Prior (mean ± sd)", "Posterior (median, 90 %)", "sd ratio", "Learned?"]
    return Table("parameters", "Parameters", head, body)


def _short(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else ""


def facts(found: tuple[Mapping[str, Any], ...]) -> Table:
    """The facts that a model must reproduce, with verdicts."""
    body = []
    for fact in found:
        word = str(fact.get("verdict", "")).split()[0].lower() if fact.get("verdict") else "not"
        shown = label("verdicts", word)
        cells = [cell(str(fact.get(key, ""))) for key in ("fact", "published", "model")]
        body.append([*cells, cell(shown, style=word), cell(str(fact.get("why", "")))])
    head = ["Fact", "Published", "Model", "Verdict", "Why"]
    return Table("facts", text("sections.facts"), head, body)


def provenance(fit: Fit, case: CaseView) -> Table:
    """Everything needed to repeat the numbers."""
    meta = fit.meta
    approximate = " (approximate)" if meta.get("approximate") else ""
    control = f"threshold {case.threshold:.0f} persons, rounding to {case.round_to:.0f}"
    lines = [
        ("Case", case.name),
        ("Case hash (sha256)", str(meta.get("case_hash", ""))),
        ("Versions", _pairs(meta.get("versions", {}))),
        ("Seed", str(meta.get("seed", ""))),
        ("Method", f"{meta.get('method', '')}{approximate}"),
        ("Settings, as asked", _pairs(meta.get("settings", {}))),
        ("Draws of each chain", str(meta.get("draws", ""))),
        ("Vintages (publication dates)", vintages(case)),
        ("Started, finished", f"{meta.get('started', '')} – {meta.get('finished', '')}"),
        ("Diagnostics", _pairs(meta.get("diagnostics", {}))),
        ("Disclosure control", control),
    ]  # fmt: skip
    body = [[cell(name), cell(value)] for name, value in lines]
    return Table("provenance", text("sections.provenance"), ["", ""], body)


def _pairs(found: Mapping[str, Any]) -> str:
    shown = []
    for key, value in found.items():
        plain = f"{value:.4g}" if isinstance(value, float) else str(value)
        shown.append(f"{key.replace('_', ' ')}: {plain}")
    return "; ".join(shown)


def vintages(case: CaseView) -> str:
    """First and last publication date of the rows that are used."""
    dates = sorted(
        row["published"] for row in case.ledger if row.get("observer") and row.get("published")
    )
    return f"{dates[0]} to {dates[-1]}" if dates else "none"
