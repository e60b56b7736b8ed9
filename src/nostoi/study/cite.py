"""Cite: what a figure of a fit rests on, from the draws themselves.

A parameter matters to a figure if the two vary together over the draws; the rules that read it say
what it means. A row of evidence matters if the figure and the row's log likelihood vary together:
their covariance is the pace at which the figure's mean moves as the row is given more weight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.complaints import near
from nostoi.case.ledger import Observation
from nostoi.engine.model import Model
from nostoi.rules.card import Rule
from nostoi.rules.feeling import ONWARD_KNOTS, TENURE_KNOTS
from nostoi.rules.params import Param
from nostoi.study.horizon import horizon_of, panel_on

Floats = Any
EFFECTS = {"leave_mood": "mood_to_leave", "return_mood": "mood_to_return", "leaning": "leaning",
           "climate": "climate_of_the_host", "stepping": "stepping_stone",
           "attraction": "attraction"}  # fmt: skip
"""Effects with an axis, and the rule through which each acts."""


@dataclass(frozen=True)
class Lean:
    """A parameter that a figure leans on.

    Attributes:
        param: its card.
        element: which of its elements, empty for a single number.
        correlation: with the figure over the draws.
        narrowed: posterior sd of its unknown over that of the prior (1 = learned nothing).
        rules: rules that read it; none for a parameter of an observer.
    """

    param: Param
    element: str
    correlation: float
    narrowed: float
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Support:
    """A row of evidence behind a figure.

    Attributes:
        row: the row.
        publisher: name of its publisher.
        pull: how far the figure's mean would move, in its sd, if the row counted twice.
        error: Monte-Carlo standard error of `pull`.
    """

    row: Observation
    publisher: str
    pull: float
    error: float


@dataclass(frozen=True)
class Citation:
    """All that a figure rests on.

    Attributes:
        figure: name of the quantity and where it was read.
        draws: the figure, [draw].
        leans: parameters, the strongest first.
        rows: rows of evidence, the strongest first.
    """

    figure: str
    draws: Floats
    leans: tuple[Lean, ...]
    rows: tuple[Support, ...]

    def by_publisher(self) -> dict[str, float]:
        """Sum of the absolute pulls of each publisher's rows, the largest first."""
        found: dict[str, float] = {}
        for one in self.rows:
            found[one.publisher] = found.get(one.publisher, 0.0) + abs(one.pull)
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def cite(case: Case, fit: Path, name: str, words: Sequence[str]) -> Citation:
    """What a quantity of a fit rests on.

    Args:
        case: the case of the fit.
        fit: the fit folder.
        name: a quantity of the file, such as stock_place.
        words: labels that pick one number: a place, a rule, a group, a date.

    Raises:
        NostoiError: N512 for a fit that cannot serve; N613 for an unknown quantity or label, or
            for too few labels.
    """
    groups = _read(fit, case.hash)
    series = pick(groups["quantities"], name, words)
    figure = np.asarray(series.transpose("chain", "draw").values, float).ravel()
    said = ", ".join([name, *words])
    model = horizon_of(case).model
    params = (*model.params, *panel_on(model.world, case.evidence).params)
    leans = _leans(model, params, groups, figure)
    return Citation(said, figure, leans, _rows(case, groups, figure))


def _read(fit: Path, case_hash: str) -> dict[str, xr.Dataset]:
    """The groups needed; N512 where the fit cannot serve."""
    path = fit / "posterior.nc"
    do = "finish a fit of this case with `nostoi fit`"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        groups = {}
        for name in ("quantities", "posterior", "prior", "log_likelihood"):
            with xr.open_dataset(path, group=name, engine="h5netcdf") as opened:
                groups[name] = opened.load()
    except (OSError, ValueError, KeyError) as error:
        what = f"the fit cannot be read: {error}"
        raise NostoiError(Finding(512, what, file=str(path), do=do)) from error
    if meta.get("case_hash") != case_hash:
        what = "the fit is of another case, or of an older state of it"
        raise NostoiError(Finding(512, what, file=str(path), do=do))
    return groups


def pick(quantities: xr.Dataset, name: str, words: Sequence[str]) -> xr.DataArray:
    """One number of the quantities for every draw, [chain, draw].

    Raises:
        NostoiError: N613.
    """
    known = [str(key) for key in quantities.data_vars]
    if name not in known:
        do = f"known: {', '.join(known)}"
        raise NostoiError(Finding(613, f"no quantity {name!r}{near(name, known)}", do=do))
    found = quantities[name]
    for word in words:
        found = _narrow(found, word)
    open_axes = [str(dim) for dim in found.dims if dim not in ("chain", "draw")]
    _refuse_small_groups(quantities, words)
    if open_axes:
        labels = "; ".join(f"{dim}: {_some(found[dim].values)}" for dim in open_axes)
        raise NostoiError(
            Finding(613, f"{name} has more than one number", do=f"add one label each of {labels}")
        )
    return found


def _narrow(found: xr.DataArray, word: str) -> xr.DataArray:
    """The numbers under one label; a date may fall anywhere in its week."""
    for dim in found.dims:
        if dim in ("chain", "draw"):
            continue
        if dim == "date":
            try:
                day = np.datetime64(word, "ns")
            except ValueError:
                continue
            later = found["date"].values >= day
            if later.any():
                return found.isel(date=int(np.argmax(later)))
        elif word in [str(label) for label in found[dim].values]:
            return found.sel({dim: word})
    labels = [str(v) for dim in found.dims if dim not in ("chain", "draw", "date")
              for v in found[dim].values]  # fmt: skip
    do = f"labels: {_some(labels)}"
    raise NostoiError(Finding(613, f"no label {word!r}{near(word, labels)}", do=do))


def _some(labels: Any) -> str:
    shown = [str(label)[:10] for label in labels]
    return ", ".join(shown if len(shown) <= 14 else [*shown[:3], "...", *shown[-3:]])


def _refuse_small_groups(quantities: xr.Dataset, words: Sequence[str]) -> None:
    """Groups that no source tells apart are not told apart here either."""
    informed = str(quantities.attrs.get("group_informed", "")).split(",")
    groups = [] if "group" not in quantities else [str(g) for g in quantities["group"].values]
    for word in words:
        if word in groups and word not in informed:
            what = f"no source tells the group {word!r} from the others"
            raise NostoiError(Finding(613, what, do="ask for all groups together"))


def _leans(
    model: Model, params: Sequence[Param], groups: Mapping[str, xr.Dataset], figure: Floats
) -> tuple[Lean, ...]:
    """All parameters with their correlation, the strongest first."""
    found = []
    for param in params:
        if param.kind == "fixed" or param.name not in groups["posterior"]:
            continue
        values = groups["posterior"][param.name].transpose("chain", "draw", ...).values
        flat = np.asarray(values, float).reshape(figure.size, -1)
        narrowed = np.ravel(groups["prior"][f"{param.name}_zsd"].values)
        labels = _labels(model, param)
        for k in range(flat.shape[1]):
            r = correlation(flat[:, k], figure)
            found.append(Lean(param, labels[k], r, float(narrowed[k]), readers(model, param)))
    return tuple(sorted(found, key=lambda lean: -abs(lean.correlation)))


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's correlation of two arrays [draw]; 0 if one of them is constant."""
    sd = float(np.std(a) * np.std(b))
    return float(np.mean((a - a.mean()) * (b - b.mean()))) / sd if sd > 0 else 0.0


def _labels(model: Model, param: Param) -> Sequence[str]:
    """Names of the elements of a parameter."""
    world = model.world
    axes = {
        "": [""],
        "host": world.hosts,
        "group": world.groups,
        "tenure": [f"day {day:g}" for day in TENURE_KNOTS],
        "onward": [f"day {day:g}" for day in ONWARD_KNOTS],
    }
    return param.labels or axes.get(param.dims) or [str(k) for k in range(len(param.value))]


def readers(model: Model, param: Param) -> tuple[Rule, ...]:
    """The rules switched on that read a parameter."""
    own = EFFECTS.get(param.name, "")
    return tuple(r for r in model.rules if param.name in r.columns("p") or r.name == own)


def _rows(case: Case, groups: Mapping[str, xr.Dataset], figure: Floats) -> tuple[Support, ...]:
    """All used rows with their pull, the strongest first."""
    likelihood = groups["log_likelihood"]["row"].transpose("chain", "draw", "obs")
    by_id = {row.id: row for row in case.evidence.rows}
    pull, error = pulls(np.asarray(likelihood.values, float), figure)
    found = []
    for k, label in enumerate(likelihood["obs"].values):
        row = by_id[str(label)]
        publisher = case.evidence.sources[row.publisher].name
        found.append(Support(row, publisher, float(pull[k]), float(error[k])))
    return tuple(sorted(found, key=lambda support: -abs(support.pull)))


def pulls(likelihood: Floats, figure: Floats) -> tuple[Floats, Floats]:
    """How far a figure's mean moves, in its sd, as each row counts twice, and the error of that.

    Args:
        likelihood: log likelihoods of rows or of sums of rows, [chain, draw, row].
        figure: the figure, [chain, draw] or [draw].

    Returns:
        pulls and their Monte-Carlo standard errors, each [row].
    """
    shape = likelihood.shape[:2]
    flat = likelihood.reshape(figure.size, -1)
    plain = figure.ravel()
    standard = (plain - plain.mean()) / max(float(plain.std()), 1e-300)
    product = standard[:, None] * (flat - flat.mean(0))
    chains = product.reshape(*shape, -1).mean(1)
    return product.mean(0), chains.std(0, ddof=1) / np.sqrt(shape[0])
