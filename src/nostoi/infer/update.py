"""Update: a finished fit and a few new figures, without sampling again.

The draws of the fit are weighted by what all evidence says of them now, over what it said then,
and drawn again by their weights. That is exact as long as some draws lie where the new posterior
does; the tail index of the weights says whether they do, and where they do not the update is
refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import jax
import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.vintage import load_as_of
from nostoi.infer.chains import load_chains
from nostoi.infer.diagnostics import MIN_ESS, Verdict
from nostoi.infer.fit import CHAINS
from nostoi.infer.frame import load_frame
from nostoi.infer.model import CaseTarget, target_of
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.quantities import Derivation
from nostoi.infer.settings import Settings
from nostoi.infer.stopwatch import Stopwatch
from nostoi.infer.weights import Weights, smoothed

Floats = Any
Hear = Callable[[str, float], None]
KEPT = ("lp", "acceptance_rate", "n_steps", "diverging", "energy", "step_size")


@dataclass(frozen=True)
class Before:
    """A finished fit.

    Attributes:
        target: of the case as it was fitted.
        x: what was sampled, [chain, draw, dim].
        likelihood: sum of the log likelihoods of all rows, [chain, draw].
        stats: of the sampler, each [chain, draw].
        meta: content of fit.json.
    """

    target: CaseTarget
    x: Floats
    likelihood: Floats
    stats: dict[str, Floats]
    meta: dict[str, Any]


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
    before = _read(folder, fit)
    case = load_as_of(folder, as_of)
    target = target_of(case)
    _comparable(before.target, target)
    watch.hear("quantities", 0.0)
    z = widened(before.target, target, _unknowns(before), int(before.meta["seed"]))
    told = lambda n, all_: watch.hear("quantities", n / all_)  # noqa: E731
    seed = int(before.meta["seed"])
    quantities, predictions, _ = Derivation(target).over(z, target.frame, seed, told)
    ratio = predictions["log_likelihood"].sum(-1) - before.likelihood
    weights = smoothed(ratio.ravel())
    if not weights.trusted:
        what = f"the new figures move the posterior too far (k-hat {weights.khat:.2f})"
        raise NostoiError(Finding(515, what, str(fit), do="fit the case anew with `nostoi fit`"))
    chosen = systematic(weights, seed)
    draws = _chosen((z, before.stats, quantities, predictions), chosen, z.shape[:2])
    verdict = _verdict(weights, before.meta)
    meta = _meta(before.meta, fit, case, as_of, weights) | {"diagnostics": asdict(verdict)}
    watch.hear("write", 0.0)
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    write(build(target, draws), part / "posterior.nc")
    meta |= {"seconds": watch.read()}
    (part / "fit.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")
    part.rename(out)
    return meta


def _read(folder: Path, fit: Path) -> Before:
    """The finished fit and its target."""
    do = "update a finished fit of chains, made by `nostoi fit`"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        day = date.fromisoformat(meta["as_of"]) if meta.get("as_of") else None
        if meta["status"] != "done" or meta["method"] != CHAINS or "updated_from" in meta:
            raise NostoiError(Finding(513, "the fit is none of finished chains", str(fit), do=do))
        settings = Settings(**{k: v for k, v in meta["settings"].items()})
        x = load_chains(fit, "chains", settings.chains, settings.draws).z
        groups = {}
        for name in ("log_likelihood", "sample_stats"):
            with xr.open_dataset(fit / "posterior.nc", group=name, engine="h5netcdf") as opened:
                groups[name] = opened.load()
        frame = load_frame(fit / "map.npz")
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"the fit cannot be read: {error}"
        raise NostoiError(Finding(513, what, str(fit), do=do)) from error
    target = replace(_target_of_fit(folder, meta, day), frame=frame)
    rows = groups["log_likelihood"]["row"].transpose("chain", "draw", "obs").values
    stats = {name: groups["sample_stats"][name].transpose("chain", "draw").values for name in KEPT}
    return Before(target, x, np.asarray(rows, float).sum(-1), stats, meta)


def _target_of_fit(folder: Path, meta: dict[str, Any], day: date | None) -> CaseTarget:
    """Target of the case as the fit knew it: its own folder, or an earlier day of this one."""
    for place in (folder, Path(str(meta["case_folder"]))):
        if place.exists():
            case = load_as_of(place, day)
            if case.hash == meta["case_hash"]:
                return target_of(case)
    what = "the case as the fit knew it is not there any more"
    do = "keep a copy of the case beside its fit, or fit anew"
    raise NostoiError(Finding(513, what, str(meta["case_folder"]), do=do))


def _comparable(old: CaseTarget, new: CaseTarget) -> None:
    """Refuse a case that lost unknowns: the old posterior knows nothing of a world without them.

    Other inputs may have changed too (prices that were revised): the weights hold the likelihood of
    all rows under the case as it is now, so they stay exact, and k-hat says whether they suffice.
    """
    do = "fit the case anew with `nostoi fit`"
    lost = sorted(set(old.pack.labels()) - set(new.pack.labels()))
    if lost:
        what = f"unknowns are gone: {', '.join(lost[:6])}"
        raise NostoiError(Finding(514, what, do=do))


def widened(old: CaseTarget, new: CaseTarget, z: Floats, seed: int) -> Floats:
    """Unknowns in the order of the new case; those that are new are drawn from their prior.

    Args:
        old, new: targets; all unknowns of the old one are among those of the new one.
        z: unit-scale unknowns, [chain, draw, dim of the old].
        seed: of what is new.
    """
    place = {label: k for k, label in enumerate(old.pack.labels())}
    fresh = np.random.default_rng([seed, 514]).standard_normal((*z.shape[:2], new.dim))
    known = [(k, place[label]) for k, label in enumerate(new.pack.labels()) if label in place]
    for k, source in known:
        fresh[..., k] = z[..., source]
    return fresh


def _unknowns(before: Before) -> Floats:
    """Unit-scale unknowns of all draws, [chain, draw, dim]."""
    place = jax.jit(lambda x, frame: before.target.place(x, frame)[0])
    flat = before.x.reshape(-1, before.x.shape[-1])
    z = np.stack([np.asarray(place(x, before.target.frame)) for x in flat])
    return z.reshape(before.x.shape)


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


def _verdict(weights: Weights, old: dict[str, Any]) -> Verdict:
    """As of a fit; effective draws are those of the old fit times the worth of the weights."""
    worth = weights.ess / len(weights.share)
    was = old["diagnostics"]
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
