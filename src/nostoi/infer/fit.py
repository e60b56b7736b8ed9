"""Fit: from a case folder to a posterior file, in steps that can be interrupted and resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from nostoi import __version__
from nostoi.base.errors import Finding, NostoiError
from nostoi.case.vintage import load_as_of
from nostoi.infer.chains import Chains, run_chains
from nostoi.infer.crew import compiling_ahead
from nostoi.infer.diagnostics import Measures, Verdict, judge, measure
from nostoi.infer.frame import load_frame
from nostoi.infer.gradient import CompiledGradient, compile_gradient
from nostoi.infer.middle import middle
from nostoi.infer.mode import climb, find_mode
from nostoi.infer.model import CaseTarget, target_factory, target_of
from nostoi.infer.nuts import Settings
from nostoi.infer.pace import pooled_step
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.progress import Tick
from nostoi.infer.quantities import over_draws
from nostoi.infer.short import short_chains
from nostoi.infer.stopwatch import Stopwatch
from nostoi.infer.target import MakeTarget
from nostoi.infer.whiten import Whitening, load_whitening, save_whitening, stretch, typical
from nostoi.infer.worker import Job

FORMAT = 1
LIBRARIES = ("jax", "numpyro", "numpy", "xarray", "h5netcdf")
PILOT = 60
"""Draws of each pilot chain, and of its warm-up; none of them reaches the posterior."""

ROUGHER = 1.7
"""How much rougher than to the pilot chains the space is once it is stretched: long directions
are bent. Measured on the flagship: 8.1 against 4.8 (`pace.roughness`)."""

PAIRS = 2
"""Pairs of points around the mode at which the curvature is measured."""


@dataclass(frozen=True)
class Ears:
    """Who listens to the progress: `step` hears a stage and a share 0..1, `tick` the chains."""

    step: Callable[[str, float], None]
    tick: Callable[[Tick], None]


SILENT = Ears(lambda _stage, _share: None, lambda _tick: None)


def fit(
    folder: Path,
    out: Path,
    settings: Settings,
    *,
    quick: bool = False,
    as_of: date | None = None,
    ears: Ears = SILENT,
) -> dict[str, Any]:
    """Fits a case and writes `fit.json`, `map.npz`, `chains/` and `posterior.nc` into `out`.

    Args:
        folder: case folder.
        out: fit folder; a fit that was interrupted there goes on.
        settings: of the sampler.
        quick: short chains around a normal curve; marked approximate everywhere.
        as_of: use only what was known on this day.
        ears: who listens to the progress.

    Returns:
        The content of fit.json.

    Raises:
        NostoiError: N1xx and N4xx for the case; N503 other settings; N511 other case in `out`.
    """
    watch = Stopwatch(ears.step)
    ears = Ears(watch.hear, ears.tick)
    case = load_as_of(folder, as_of)
    meta = _open(out, folder, case.hash, settings, quick)
    meta |= {"case": case.spec.name, "title": case.spec.title}
    meta |= {"as_of": None if as_of is None else as_of.isoformat()}
    if meta["status"] == "done":
        return meta
    target = target_of(case)
    gradient = compile_gradient(target)
    with _ahead(target, target_factory(folder, target.frame, as_of), settings, out, quick):
        target, shape = _mode(target, gradient, out, ears, 0 if quick else PAIRS, settings.seed)
    if quick:
        draws, verdict = _quick(target, gradient, shape, settings.seed, ears)
    else:
        chains = _sample(
            target_factory(folder, target.frame, as_of), shape, settings, out, case.hash, ears
        )
        draws, verdict = _sampled(target, chains, settings.seed, ears)
    ears.step("write", 0.0)
    write(build(target, draws), out / "posterior.nc")
    meta |= {"status": "done", "finished": _now(), "diagnostics": asdict(verdict)}
    meta |= {"seconds": watch.read()}
    _save(out, meta)
    ears.step("write", 1.0)
    return meta


def _ahead(
    target: CaseTarget, make: MakeTarget, settings: Settings, out: Path, quick: bool
) -> AbstractContextManager[None]:
    """Another process compiles the sampler while this one looks for the mode."""
    if quick or (out / "map.npz").exists():
        return nullcontext()
    flat = Whitening(np.zeros(target.dim), np.eye(target.dim), 0.0, 0, 1.0, 1.0)
    return compiling_ahead(Job(make, flat, _pilot(settings), out.absolute() / "pilot"))


def _pilot(settings: Settings) -> Settings:
    """How the pilot chains are sampled."""
    return replace(settings, warmup=PILOT, draws=PILOT, tuning=PILOT, seed=settings.seed + 1)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _open(
    out: Path, folder: Path, case_hash: str, settings: Settings, quick: bool
) -> dict[str, Any]:
    """Meta data of a new fit, or of the one that is there; refuses another case's folder."""
    method = "short chains" if quick else "nuts"
    path = out / "fit.json"
    if path.exists():
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if (meta["case_hash"], meta["method"], meta["seed"]) != (case_hash, method, settings.seed):
            raise NostoiError(
                Finding(
                    number=511,
                    what="the folder holds a fit of another case, method or seed",
                    file=str(path),
                    do="choose another folder with -o, or delete this one",
                )
            )
        return meta
    out.mkdir(parents=True, exist_ok=True)
    meta = {
        "format": FORMAT,
        "case_folder": str(folder.resolve()),
        "case_hash": case_hash,
        "versions": {"nostoi": __version__} | {n: metadata.version(n) for n in LIBRARIES},
        "seed": settings.seed,
        "method": method,
        "approximate": quick,
        "settings": asdict(settings),
        "started": _now(),
        "status": "sampling",
    }
    _save(out, meta)
    return meta


def _save(out: Path, meta: dict[str, Any]) -> None:
    """Writes fit.json whole or not at all."""
    part = out / "fit.json.part"
    part.write_text(json.dumps(meta, indent=1, default=_plain), encoding="utf-8")
    os.replace(part, out / "fit.json")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else list(value)


def _mode(
    target: CaseTarget, gradient: CompiledGradient, out: Path, ears: Ears, pairs: int, seed: int
) -> tuple[CaseTarget, Whitening]:
    """The target in a frame at its most probable point, and the space around it, whitened."""
    path = out / "map.npz"
    if path.exists():
        return replace(target, frame=load_frame(path)), load_whitening(path)
    ears.step("mode", 0.0)
    told = lambda _stage, n, _value, _slope: ears.step("mode", min(n / 600, 0.95))  # noqa: E731
    near = climb(gradient, target.dim, target.scatter, told)
    target = target.framed_at(near)
    gradient = gradient.framed(target.frame)
    mode = find_mode(target, near, report=told, gradient=gradient, held=target.scatter)
    shape = mode.whitening()
    if pairs:
        ears.step("whiten", 0.0)
        shape = typical(gradient, shape, mode.curvature, seed, pairs)
    else:
        ears.step("middle", 0.0)
        shape = middle(gradient, shape, seed)
    save_whitening(path, shape, gradient(shape.centre)[0], target.frame._asdict())
    return target, shape


def _sample(
    make: MakeTarget, shape: Whitening, settings: Settings, out: Path, identity: str, ears: Ears
) -> Chains:
    """Short pilot chains, space stretched where they ran far, and then the chains that count.

    These keep the step size that the pilot chains together ask for.
    """
    ears.step("pilot", 0.0)
    first = run_chains(
        make, shape, _pilot(settings), out / "pilot", identity=identity, report=ears.tick
    )
    wide = stretch(shape, first.z.reshape(-1, first.z.shape[-1]))
    step = pooled_step(first.step_size.mean(1), first.accept.mean(1), settings.accept)
    step /= np.sqrt(ROUGHER)
    kept = replace(settings, step_size=float(step), tuning=PILOT, adapt=False)
    ears.step("sample", 0.0)
    return run_chains(make, wide, kept, out / "chains", identity=identity, report=ears.tick)


def _quick(
    target: CaseTarget, gradient: CompiledGradient, shape: Whitening, seed: int, ears: Ears
) -> tuple[Draws, Verdict]:
    """Short chains from the normal curve in the middle, and how far they agree."""
    ears.step("short", 0.0)
    look = gradient.framed(target.frame)
    found = short_chains(look, shape, seed, lambda share: ears.step("short", share))
    stats = {"lp": found.logp, "acceptance_rate": found.accept}
    draws = _derive(target, found.x, stats, seed, ears)
    verdict = judge(_measures(draws), np.zeros(found.logp.shape, bool), found.logp)
    chains, kept = found.logp.shape
    reasons = (f"{chains} short chains of {kept} draws, begun at a normal curve (--quick)",)
    return draws, Verdict(**(asdict(verdict) | {"converged": False, "reasons": reasons}))


def _sampled(target: CaseTarget, chains: Chains, seed: int, ears: Ears) -> tuple[Draws, Verdict]:
    """Draws of the chains with all that a report says of them, and the verdict over all of it."""
    stats = {
        "lp": chains.logp,
        "acceptance_rate": chains.accept,
        "n_steps": chains.steps,
        "diverging": chains.diverging,
        "energy": chains.energy,
        "step_size": chains.step_size,
    }
    draws = _derive(target, chains.z, stats, seed, ears)
    return draws, judge(_measures(draws), chains.diverging, chains.energy)


def _derive(target: CaseTarget, x: Any, stats: dict[str, Any], seed: int, ears: Ears) -> Draws:
    """Unknowns, quantities and predictions of all sampled x [chain, draw, dim]."""
    ears.step("quantities", 0.0)
    quantities, predictions, z = over_draws(
        target, x, seed, lambda done, total: ears.step("quantities", done / total)
    )
    return Draws(z, stats, quantities, predictions)


def _measures(draws: Draws) -> list[Measures]:
    """Convergence of the unknowns and of every quantity that a report may print."""
    printed = [measure(draws.z)]
    for value in draws.quantities.values():
        flat = np.asarray(value, float).reshape(*value.shape[:2], -1)
        moves = flat.std(axis=(0, 1)) > 1e-9 * (1.0 + np.abs(flat.mean(axis=(0, 1))))
        if moves.any():
            printed.append(measure(flat[:, :, moves]))
    return printed
