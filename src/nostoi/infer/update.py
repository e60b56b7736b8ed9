"""Update: a finished fit and a few new figures, without sampling again.

The draws of the fit are weighted by what all evidence says of them now, over what it said then,
and drawn again by their weights. That is exact as long as some draws lie where the new posterior
does; the tail index of the weights says whether they do, and where they do not the update is
refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.vintage import load_as_of
from nostoi.infer.diagnostics import MIN_ESS, Verdict, measure
from nostoi.infer.fit import CHAINS, PLACES
from nostoi.infer.model import target_of
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.quantities import Derivation
from nostoi.infer.stopwatch import Stopwatch
from nostoi.infer.weights import Weights, smoothed

Floats = Any
Hear = Callable[[str, float], None]
KEPT = ("lp", "acceptance_rate", "n_steps", "diverging", "energy", "step_size")


MOST = 450
"""Draws of each chain that an update weighs: those between them hang together with these."""


@dataclass(frozen=True)
class Before:
    """A finished fit, or evenly spaced draws of it.

    Attributes:
        labels: names of the unknowns.
        z: the unknowns on their unit scale, [chain, draw, unknown].
        likelihood: sum of the log likelihoods of all rows, [chain, draw].
        stats: of the sampler, each [chain, draw].
        meta: content of fit.json.
        kept: share of the fit's effective draws that these are worth.
    """

    labels: tuple[str, ...]
    z: Floats
    likelihood: Floats
    stats: dict[str, Floats]
    meta: dict[str, Any]
    kept: float


def update(
    folder: Path, fit: Path, out: Path, *, as_of: date | None = None, hear: Hear | None = None
) -> dict[str, Any]:
    """Take new figures of a case into a finished fit; writes a fit folder.

    Args:
        folder: the case folder as it is now.
        fit: the finished fit, of chains.
        out: the fit folder to write; must not exist.
        as_of: use only what was known on this day.
        hear: told the stage and the share of it that is done.

    Returns:
        The content of fit.json.

    Raises:
        NostoiError: N513 for a fit that cannot be updated; N514 when the case lost
            unknowns; N515 when the new figures move the posterior too far; N516 when `out` exists.
    """
    watch = Stopwatch(hear or (lambda _stage, _share: None))
    if out.exists():
        raise NostoiError(Finding(516, f"{out} exists", str(out), do="name a new folder"))
    before = _read(fit)
    case = load_as_of(folder, as_of)
    target = target_of(case)
    seed = int(before.meta["seed"])
    z = widened(before, target.pack.labels(), seed)
    watch.hear("quantities", 0.0)
    told = lambda n, all_: watch.hear("quantities", n / all_)  # noqa: E731
    derive = Derivation(target, framed=False)
    quantities, predictions, _ = derive.over(z, target.frame, seed, told)
    ratio = predictions["log_likelihood"].sum(-1) - before.likelihood
    weights = smoothed(ratio.ravel())
    if not weights.trusted:
        what = f"the new figures move the posterior too far (k-hat {weights.khat:.2f})"
        raise NostoiError(Finding(515, what, str(fit), do="fit the case anew with `nostoi fit`"))
    chosen = systematic(weights, seed)
    draws = _chosen((z, before.stats, quantities, predictions), chosen, z.shape[:2])
    verdict = _verdict(weights, before)
    meta = _meta(before.meta, fit, case, as_of, weights)
    meta |= {"draws": z.shape[1], "diagnostics": asdict(verdict)}
    watch.hear("write", 0.0)
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    write(build(target, draws), part / "posterior.nc")
    meta |= {"seconds": watch.read()}
    (part / "fit.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")
    part.rename(out)
    return meta


def _read(fit: Path) -> Before:
    """Evenly spaced draws of the finished fit."""
    do = "update a finished fit of chains, made by `nostoi fit` of this version"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        if meta["status"] != "done" or meta["method"] != CHAINS or "updated_from" in meta:
            raise NostoiError(Finding(513, "the fit is none of finished chains", str(fit), do=do))
        groups = {}
        for name in ("log_likelihood", "sample_stats"):
            with xr.open_dataset(fit / "posterior.nc", group=name, engine="h5netcdf") as opened:
                groups[name] = opened.load()
        with np.load(fit / PLACES) as held:
            z, labels = held["z"], tuple(map(str, held["labels"]))
        rows = groups["log_likelihood"]["row"].transpose("chain", "draw", "obs").values
        stats = {
            name: groups["sample_stats"][name].transpose("chain", "draw").values for name in KEPT
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"the fit cannot be read: {error}"
        raise NostoiError(Finding(513, what, str(fit), do=do)) from error
    some = evenly(z.shape[1])
    likelihood = np.asarray(rows, float).sum(-1)
    stats = {name: value[:, some] for name, value in stats.items()}
    worth = [float(np.nanmin(measure(one).ess_bulk)) for one in (z[:, some], z)]
    kept = min(worth[0] / worth[1], 1.0)
    return Before(labels, z[:, some], likelihood[:, some], stats, meta, kept)


def evenly(draws: int) -> Any:
    """Numbers of evenly spaced draws of a chain, at most `MOST`."""
    return np.arange(draws)[:: -(-draws // MOST)]


def widened(before: Before, labels: Sequence[str], seed: int) -> Floats:
    """Unknowns in the order of the new case; those that are new are drawn from their prior.

    Other inputs than figures may have changed too (prices that were revised): the weights hold the
    likelihood of all rows under the case as it is now, so they stay exact, and k-hat says whether
    they suffice.

    Args:
        before: the fit.
        labels: of the unknowns of the new case.
        seed: of what is new.

    Returns:
        unit-scale unknowns, [chain, draw, label].

    Raises:
        NostoiError: N514 where unknowns are gone: the old posterior knows nothing of a world
            without them.
    """
    lost = sorted(set(before.labels) - set(labels))
    if lost:
        what = f"unknowns are gone: {', '.join(lost[:6])}"
        raise NostoiError(Finding(514, what, do="fit the case anew with `nostoi fit`"))
    place = {label: k for k, label in enumerate(before.labels)}
    found = np.random.default_rng([seed, 514]).standard_normal((*before.z.shape[:2], len(labels)))
    for k, label in enumerate(labels):
        if label in place:
            found[..., k] = before.z[..., place[label]]
    return found


def systematic(weights: Weights, seed: int) -> Any:
    """Numbers of as many draws as there are, drawn again by their weights, in random order."""
    rng = np.random.default_rng([seed, 513])
    n = len(weights.share)
    places = (np.arange(n) + rng.random()) / n
    chosen = np.searchsorted(np.cumsum(weights.share), places, side="left")
    return rng.permutation(np.minimum(chosen, n - 1))


def _chosen(parts: tuple[Any, ...], chosen: Any, shape: tuple[int, ...]) -> Draws:
    """Draws by number, in the shape of the chains."""

    def take(value: Any) -> Any:
        flat = np.asarray(value).reshape(-1, *np.shape(value)[2:])
        return flat[chosen].reshape(*shape, *flat.shape[1:])

    of_all = [{name: take(value) for name, value in one.items()} for one in parts[1:]]
    return Draws(take(parts[0]), of_all[0], of_all[1], of_all[2])


def _verdict(weights: Weights, before: Before) -> Verdict:
    """As of a fit; effective draws are those of the fit times the worth of these and of weights."""
    worth = before.kept * weights.ess / len(weights.share)
    was = before.meta["diagnostics"]
    bulk, tail = worth * was["min_ess_bulk"], worth * was["min_ess_tail"]
    reasons = list(was["reasons"])
    if min(bulk, tail) < MIN_ESS and was["converged"]:
        reasons.append(f"effective draws fall to {min(bulk, tail):.0f} by weighting")
    return Verdict(
        was["max_rhat"], bulk, tail, was["divergences"], was["ebfmi"], not reasons, tuple(reasons)
    )


def _meta(
    old: dict[str, Any], fit: Path, case: Any, as_of: date | None, weights: Weights
) -> dict[str, Any]:
    """Content of fit.json: that of the fit, with where the update came from."""
    return old | {
        "case_hash": case.hash,
        "as_of": None if as_of is None else as_of.isoformat(),
        "updated_from": str(fit.resolve()),
        "khat": round(weights.khat, 3) if np.isfinite(weights.khat) else None,
        "weights_worth": round(weights.ess),
    }
