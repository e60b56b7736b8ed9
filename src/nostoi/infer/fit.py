"""Fit: from a case folder to a posterior file, in steps that can be interrupted and resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from nostoi import __version__
from nostoi.base.errors import Finding, NostoiError
from nostoi.case.vintage import load_as_of
from nostoi.infer.chains import Chains
from nostoi.infer.diagnostics import Measures, Verdict, judge, measure
from nostoi.infer.frame import Frame, load_frame
from nostoi.infer.gradient import CompiledGradient, compile_gradient
from nostoi.infer.mode import ModeSettings, climb, find_mode
from nostoi.infer.model import CaseTarget, target_of
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.progress import Tick
from nostoi.infer.quantities import Derivation
from nostoi.infer.sample import sample
from nostoi.infer.settings import Settings
from nostoi.infer.stopwatch import Stopwatch
from nostoi.infer.store import write_arrays
from nostoi.infer.whiten import Whitening, load_whitening, save_whitening

FORMAT = 1
CHAINS, QUICK = "hmc", "short chains"
"""What `method` says of a fit by chains, and of a quick one."""

PLACES = "unknowns.npz"
"""File of a fit folder: `z` [chain, draw, unknown], unit scale, and `labels` [unknown]."""

LIBRARIES = ("jax", "numpy", "xarray", "h5netcdf")


NEAR = 1e-4
"""Log density that the mode may still lack: chains and curves only begin there."""


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
    """Fits a case and writes `fit.json`, `map.npz`, `unknowns.npz`, `posterior.nc` into `out`.

    Chains leave `space.npz`, `window-*/` and `chains/` there too (`sample.py`).

    Args:
        folder: case folder.
        out: fit folder; a fit that was interrupted there goes on.
        settings: of the sampler; where they say `go_on`, chains that do not agree yet make more.
        quick: few draws a chain; marked approximate everywhere.
        as_of: use only what was known on this day.
        ears: who listens to the progress.

    Returns:
        The content of fit.json.

    Raises:
        NostoiError: N1xx and N4xx for the case; N503 other settings; N511 other case in `out`.
    """
    settings = settings.short() if quick else settings
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
    derive = Derivation(target)
    with ThreadPoolExecutor(1) as aside:
        # Compiles on the core that the search for the mode leaves.
        prepared = aside.submit(derive.prepare)
        target, shape = _mode(target, gradient, out, ears)
        prepared.result()
    gradient = gradient.framed(target.frame)
    make = partial(sample, gradient, shape, out=out, identity=case.hash, report=ears.tick)
    say = partial(_said, derive, target.frame, settings.seed, ears)
    draws, verdict = _until_they_agree(settings, ears, make, say)
    verdict = _approximate(verdict, settings) if quick else verdict
    ears.step("write", 0.0)
    write_arrays(out / PLACES, {"z": draws.z, "labels": np.array(target.pack.labels())})
    write(build(target, draws), out / "posterior.nc")
    meta |= {"status": "done", "finished": _now(), "draws": draws.z.shape[1]}
    meta |= {"diagnostics": asdict(verdict)}
    meta |= {"seconds": watch.read()}
    _save(out, meta)
    ears.step("write", 1.0)
    return meta


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _open(
    out: Path, folder: Path, case_hash: str, settings: Settings, quick: bool
) -> dict[str, Any]:
    """Meta data of a new fit, or of the one that is there; refuses another case's folder."""
    method = QUICK if quick else CHAINS
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
    target: CaseTarget, gradient: CompiledGradient, out: Path, ears: Ears
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
    rules = ModeSettings(tolerance=NEAR, rough=True)
    mode = find_mode(target, near, rules, told, gradient=gradient, held=target.scatter)
    shape = mode.whitening()
    save_whitening(path, shape, gradient(shape.centre)[0], target.frame._asdict())
    return target, shape


def _until_they_agree(
    settings: Settings,
    ears: Ears,
    make: Callable[[Settings], Chains],
    say: Callable[[Chains], Draws],
) -> tuple[Draws, Verdict]:
    """Draws of chains that agree, or of as many as the settings allow, and the verdict on them."""
    for length in settings.lengths():
        ears.step("sample" if length == settings.draws else "go on", 0.0)
        chains = make(replace(settings, draws=length))
        draws = say(chains)
        verdict = judge(_measures(draws), chains.diverging, chains.energy)
        if not verdict.more_would_help:
            break
    return draws, verdict


def _said(derive: Derivation, frame: Frame, seed: int, ears: Ears, chains: Chains) -> Draws:
    """All that a report says of the draws of some chains."""
    ears.step("quantities", 0.0)
    told = lambda done, total: ears.step("quantities", done / total)  # noqa: E731
    quantities, predictions, z = derive.over(chains.z, frame, seed, told)
    stats = {
        "lp": chains.logp,
        "acceptance_rate": chains.accept,
        "n_steps": chains.steps,
        "diverging": chains.diverging,
        "energy": chains.energy,
        "step_size": chains.step_size,
    }
    return Draws(z, stats, quantities, predictions)


def _approximate(verdict: Verdict, settings: Settings) -> Verdict:
    """The verdict on a quick fit: never converged, whatever its few draws say."""
    few = f"{settings.chains} short chains of {settings.draws} draws (--quick)"
    return replace(verdict, converged=False, reasons=(few, *verdict.reasons))


def _measures(draws: Draws) -> list[Measures]:
    """Convergence of the unknowns and of every quantity that a report may print."""
    printed = [measure(draws.z)]
    for value in draws.quantities.values():
        flat = np.asarray(value, float).reshape(*value.shape[:2], -1)
        moves = flat.std(axis=(0, 1)) > 1e-9 * (1.0 + np.abs(flat.mean(axis=(0, 1))))
        if moves.any():
            printed.append(measure(flat[:, :, moves]))
    return printed
