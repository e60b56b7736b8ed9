"""Chains on disk: saved in chunks, so that a run killed at any moment goes on where it was.

    chains/manifest.json              what the draws depend on; other settings are refused
    chains/chain-0/chunk-0000.npz     draws: z [n, dim], slope, logp, accept, steps, ...
    chains/chain-0/state-0001.npz     where to go on, after one saved file

A file is written under another name and then moved into place. The state is moved last: until
then the new chunk does not count, and doing it again gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.hmc import FIELDS, Arrays, Stage
from nostoi.infer.settings import Settings


@dataclass(frozen=True)
class Saved:
    """How far a chain got: files written, draws done, and its state."""

    files: int
    drawn: int
    state: Arrays


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write an .npz that is there whole or not at all, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_arrays(path: Path) -> Arrays:
    """Arrays of an .npz; N505 when the file is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as held:
            return {name: held[name] for name in held.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise NostoiError(
            Finding(
                number=505,
                what=f"a saved chunk cannot be read: {error}",
                file=str(path),
                do="delete this chain's folder and fit again; the other chains are kept",
            )
        ) from error


def chain_folder(folder: Path, chain: int) -> Path:
    """Folder of one chain."""
    return folder / f"chain-{chain}"


def save_progress(place: Path, draws: Arrays, saved: Saved) -> None:
    """Save a chunk of draws, then `saved`, the state after it."""
    place.mkdir(parents=True, exist_ok=True)
    write_arrays(place / f"chunk-{saved.files - 1:04d}.npz", draws)
    newest = place / f"state-{saved.files:04d}.npz"
    write_arrays(newest, saved.state)
    for older in place.glob("state-*.npz"):
        if older.name < newest.name:
            older.unlink(missing_ok=True)


def load_progress(place: Path) -> Saved | None:
    """Newest state of a chain, or None when it has not begun."""
    states = sorted(place.glob("state-*.npz"))
    if not states:
        return None
    state = read_arrays(states[-1])
    return Saved(int(states[-1].stem.split("-")[1]), int(state["drawn"]), state)


def load_draws(place: Path) -> Arrays:
    """All draws of a chain that its newest state vouches for; empty arrays if none."""
    saved = load_progress(place)
    names = sorted(place.glob("chunk-*.npz"))
    parts = [read_arrays(p) for p in names if saved and int(p.stem.split("-")[1]) < saved.files]
    if not parts:
        return {}
    return {name: np.concatenate([part[name] for part in parts]) for name in FIELDS}


def fingerprint(*arrays: Any) -> str:
    """Hash of the exact bytes of arrays."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.asarray(array).tobytes())
    return found.hexdigest()


def open_store(folder: Path, stage: Stage, settings: Settings, identity: str) -> None:
    """Make the folder, or check that it holds chains of the same target and stage.

    identity: any text that says what the target is (a hash of case and evidence).
    Raises N503 when the chains there were made otherwise.
    """
    wanted: dict[str, Any] = {
        "target": identity,
        "seed": settings.seed,
        "stage": stage.number,
        "step": stage.step,
        "space": fingerprint(stage.space.centre, stage.space.scale),
        "starts": fingerprint(stage.starts),
    }
    path = folder / "manifest.json"
    if path.exists():
        _compare(path, wanted)
        return
    if any(folder.glob("chain-*")):
        raise NostoiError(_refusal(folder, "chains without a manifest are there"))
    folder.mkdir(parents=True, exist_ok=True)
    versions = {name: version(name) for name in ("jax", "jaxlib", "numpy")}
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    text = {"format": 2, "hash": digest, "depends_on": wanted, "versions": versions}
    temporary = folder / f".manifest.{os.getpid()}"
    temporary.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


def _compare(path: Path, wanted: dict[str, Any]) -> None:
    there = json.loads(path.read_text(encoding="utf-8"))["depends_on"]
    keys = sorted(k for k in there.keys() | wanted.keys() if there.get(k) != wanted.get(k))
    if keys:
        list_ = "; ".join(f"{k} was {there.get(k)}, now {wanted.get(k)}" for k in keys)
        raise NostoiError(_refusal(path, f"the saved chains were made otherwise: {list_}"))


def _refusal(place: Path, what: str) -> Finding:
    return Finding(
        number=503,
        what=what,
        file=str(place),
        do="use the former settings to go on, or delete the folder to start afresh",
    )
