"""Chains: right answers, the same draws however the work is cut, and restarts after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tests.infer.conftest import ROOT
from tests.infer.toys import Counts, Slow, Traced, Walled, failing, killed, refusing, stretched

from nostoi.base.errors import NostoiError
from nostoi.infer.chains import load_chains, run_chains
from nostoi.infer.diagnostics import judge, measure
from nostoi.infer.mode import find_mode
from nostoi.infer.nuts import Sampler, Settings
from nostoi.infer.progress import Tick
from nostoi.infer.whiten import Whitening, load_whitening, save_whitening, whiten

SHORT = Settings(chains=3, warmup=50, draws=50, chunk=20, seed=11)
FLAT = Whitening(np.zeros(4), np.eye(4), 0.0, 0, 1.0, 1.0)
SCRIPT = """
import sys
from pathlib import Path
from nostoi.infer.chains import run_chains
from nostoi.infer.whiten import load_whitening
from tests.infer.test_chains import SHORT
from tests.infer.toys import Slow
folder = Path(sys.argv[1])
run_chains(Slow, load_whitening(folder / "map.npz"), SHORT, folder, workers=2)
"""


def saved(folder: Path) -> dict[str, bytes]:
    """Every saved chunk and state, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.glob("chain-*/*.npz")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chains run without interruption by one worker."""
    folder = tmp_path_factory.mktemp("whole")
    run_chains(Slow, FLAT, SHORT, folder, workers=1)
    return folder


def test_a_stretched_normal_is_recovered(tmp_path: Path) -> None:
    target = stretched()
    rules = Settings(chains=4, warmup=200, draws=1000, seed=2)
    shape = find_mode(target).whitening()
    held = run_chains(stretched, shape, rules, tmp_path, workers=0)
    found = measure(held.z)
    verdict = judge([found], held.diverging, held.energy)
    assert verdict.converged, verdict.reasons
    sd = np.sqrt(np.diag(target.cov))
    assert (np.abs(held.z.mean(axis=(0, 1)) - target.mean) < 4 * found.mcse_mean).all()
    assert_allclose(held.z.std(axis=(0, 1)) / sd, 1.0, atol=0.1)
    again = [float(target.log_density(z)) for z in held.z[0, :5]]
    assert_allclose(held.logp[0, :5], again, rtol=1e-9)


@pytest.mark.parametrize("mass", ["diagonal", "dense"])
def test_counts_have_a_gamma_posterior(tmp_path: Path, mass: str) -> None:
    target = Counts()
    rules = Settings(chains=2, warmup=200, draws=600, seed=4, mass=mass)  # type: ignore[arg-type]
    shape = find_mode(target).whitening()
    held = run_chains(Counts, shape, rules, tmp_path, workers=0)
    rate = np.exp(held.z)
    error = measure(rate).mcse_mean
    assert (np.abs(rate.mean(axis=(0, 1)) - target.shape / target.rate) < 4 * error).all()
    assert_allclose(rate.std(axis=(0, 1)), np.sqrt(target.shape) / target.rate, rtol=0.15)


def test_the_sampler_is_compiled_once_and_states_come_back_exactly() -> None:
    target = Traced()
    sampler = Sampler(target, whiten(np.zeros(3), np.eye(3)), Settings(warmup=30))
    state, _ = sampler.advance(sampler.start(0), 1, lambda steps: None)
    traced = len(target.seen)
    state, _ = sampler.advance(state, 19, lambda steps: None)
    packed = sampler.pack(state)
    back = sampler.unpack(packed)
    assert all(packed[name].tobytes() == a.tobytes() for name, a in sampler.pack(back).items())
    one = sampler.advance(state, 15, lambda steps: None)[1]
    two = sampler.advance(back, 15, lambda steps: None)[1]
    assert_array_equal(one["z"], two["z"])
    assert len(target.seen) == traced


def test_two_workers_give_the_draws_of_one(whole: Path, tmp_path: Path) -> None:
    ticks: list[Tick] = []
    run_chains(Slow, FLAT, SHORT, tmp_path, workers=2, report=ticks.append)
    assert saved(tmp_path) == saved(whole)
    assert {tick.chain for tick in ticks if tick.phase == "done"} == {0, 1, 2}
    assert {tick.phase for tick in ticks} == {"warm-up", "draws", "done"}


def test_draws_do_not_depend_on_chunks_or_on_the_number_of_chains(
    whole: Path, tmp_path: Path
) -> None:
    other = replace(SHORT, chunk=35, chains=1, draws=20)
    few = run_chains(Slow, FLAT, other, tmp_path, workers=1)
    all_ = load_chains(whole, SHORT)
    assert_array_equal(few.z[0], all_.z[0, :20])
    more = run_chains(Slow, FLAT, replace(other, draws=50), tmp_path, workers=1)
    assert_array_equal(more.z[0], all_.z[0])


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Until a file is there; fails when the process ends before."""
    until = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.002)


def test_a_killed_run_goes_on_with_exactly_the_same_draws(whole: Path, tmp_path: Path) -> None:
    save_whitening(tmp_path / "map.npz", FLAT)
    setting = os.environ | {"PYTHONPATH": os.pathsep.join(["src", ROOT, *sys.path])}
    for milestone in ("chain-0/warmup-0000.npz", "chain-0/chunk-0003.npz"):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path)], env=setting, cwd=ROOT
        )
        wait_for(tmp_path / milestone, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Where this test got no time to look, the chains may be whole before they are killed.
        late = len(saved(tmp_path)) == len(saved(whole))
        with nullcontext() if late else pytest.raises(NostoiError, match="N507"):
            load_chains(tmp_path, SHORT)
    run_chains(Slow, load_whitening(tmp_path / "map.npz"), SHORT, tmp_path, workers=2)
    assert saved(tmp_path) == saved(whole)
    assert not list(tmp_path.glob("chain-*/.*"))


def test_after_control_c_the_run_goes_on(whole: Path, tmp_path: Path) -> None:
    def press(tick: Tick) -> None:
        if tick.phase == "draws":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_chains(Slow, FLAT, SHORT, tmp_path, workers=1, report=press)
    run_chains(Slow, FLAT, SHORT, tmp_path, workers=1)
    assert saved(tmp_path) == saved(whole)


def test_other_settings_another_target_and_another_whitening_are_refused(whole: Path) -> None:
    before = saved(whole)
    with pytest.raises(NostoiError, match=r"N503.*accept was 0.8, now 0.9"):
        run_chains(Slow, FLAT, replace(SHORT, accept=0.9), whole, workers=1)
    with pytest.raises(NostoiError, match=r"N503.*target was"):
        run_chains(Slow, FLAT, SHORT, whole, identity="another", workers=1)
    with pytest.raises(NostoiError, match=r"N503.*whitening was"):
        run_chains(Slow, replace(FLAT, scale=2 * FLAT.scale), SHORT, whole, workers=1)
    assert saved(whole) == before


def test_a_dying_worker_a_failing_one_and_a_refused_case(tmp_path: Path) -> None:
    one = replace(SHORT, chains=1)
    with pytest.raises(NostoiError, match=r"N504.*code -9.*memory") as death:
        run_chains(killed, FLAT, one, tmp_path, workers=1)
    assert "goes on" in str(death.value)
    with pytest.raises(NostoiError, match=r"N504.*no such place"):
        run_chains(failing, FLAT, one, tmp_path, workers=1)
    with pytest.raises(NostoiError, match="N101 unknown place"):
        run_chains(refusing, FLAT, one, tmp_path, workers=1)


def test_a_target_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NostoiError, match="N506"):
        run_chains(lambda: Slow(work=9), FLAT, SHORT, tmp_path, workers=1)


def test_a_damaged_file_is_named(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "chain-0" / "chunk-0003.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(NostoiError, match=r"N505[\s\S]*chunk-0003.npz"):
        load_chains(tmp_path, SHORT)


def test_no_finite_start_is_refused() -> None:
    sampler = Sampler(Walled(start_ok=False), whiten(np.zeros(2), np.eye(2)), SHORT)
    with pytest.raises(NostoiError, match="N502"):
        sampler.start(0)


def test_a_moved_sampler_draws_what_a_new_one_would() -> None:
    wide = whiten(np.full(4, 0.3), 0.5 * np.eye(4))
    moved = Sampler(Slow(), FLAT, SHORT).moved(Slow(), wide, seed=7)
    new = Sampler(Slow(), wide, replace(SHORT, seed=7))
    rows = [one.advance(one.start(1), 5, lambda _steps: None)[1] for one in (moved, new)]
    assert rows[0].keys() == rows[1].keys()
    for name, values in rows[0].items():
        assert_array_equal(values, rows[1][name])
