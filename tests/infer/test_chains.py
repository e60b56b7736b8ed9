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
from numpy.testing import assert_array_equal
from tests.infer.conftest import ROOT
from tests.infer.toys import Slow

from nostoi.base.errors import NostoiError
from nostoi.infer.chains import Chains, load_chains, run_chains
from nostoi.infer.gradient import FloatArray, Gradient, compile_gradient
from nostoi.infer.hmc import Sampler, Stage
from nostoi.infer.progress import Tick
from nostoi.infer.settings import Settings
from nostoi.infer.whiten import Whitening

SHORT = Settings(chains=3, draws=50, chunk=20, seed=11)
FLAT = Whitening(np.zeros(4), np.eye(4), 0.0, 0, 1.0, 1.0)
STAGE = Stage("chains", 4, FLAT, 0.1, np.linspace(-1.0, 1.0, 12).reshape(3, 4), SHORT.draws)
SCRIPT = """
import sys
from pathlib import Path
from tests.infer.test_chains import run_slow
run_slow(Path(sys.argv[1]), threads=2)
"""


def run_slow(folder: Path, threads: int = 1) -> Chains:
    """The chains of these tests."""
    return run_chains(compile_gradient(Slow()), STAGE, SHORT, folder, threads=threads)


def saved(folder: Path) -> dict[str, bytes]:
    """Every saved chunk and state, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.glob("*/chain-*/*.npz")}


@pytest.fixture(scope="module")
def slow() -> Gradient:
    """Log density and gradient of the toy that takes its time."""
    return compile_gradient(Slow())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chains run without interruption on one thread."""
    folder = tmp_path_factory.mktemp("whole")
    run_slow(folder)
    return folder


def test_two_threads_give_the_draws_of_one(slow: Gradient, whole: Path, tmp_path: Path) -> None:
    ticks: list[Tick] = []
    run_chains(slow, STAGE, SHORT, tmp_path, threads=2, report=ticks.append)
    assert saved(tmp_path) == saved(whole)
    assert {tick.chain for tick in ticks if tick.phase == "done"} == {0, 1, 2}
    assert {tick.phase for tick in ticks} == {"draws", "done"}


def test_chains_take_turns_and_end_together(
    slow: Gradient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads for three chains: none is far ahead of one that waits for its turn."""
    monkeypatch.setattr("nostoi.infer.chain.PATIENCE", 0.0)
    done = {0: 0, 1: 0, 2: 0}
    ahead = 0

    def told(tick: Tick) -> None:
        nonlocal ahead
        done[tick.chain] = tick.done
        assert tick.per_second > 0.0 or tick.done in (1, 50)
        ahead = max(ahead, max(done.values()) - min(done.values()))

    run_chains(slow, STAGE, replace(SHORT, chunk=5), tmp_path, threads=2, report=told)
    assert set(done.values()) == {50}
    assert ahead < 20


def test_a_stage_with_others_to_come_is_a_warm_up(slow: Gradient, tmp_path: Path) -> None:
    ticks: list[Tick] = []
    first = replace(STAGE, name="window-0", draws=10, later=90)
    run_chains(slow, first, SHORT, tmp_path, report=ticks.append)
    assert {tick.phase for tick in ticks} == {"warm-up"}
    assert [tick.left for tick in ticks if tick.done == 10] == [90, 90, 90]


def test_draws_do_not_depend_on_chunks_or_on_the_number_of_chains(
    slow: Gradient, whole: Path, tmp_path: Path
) -> None:
    other = replace(SHORT, chunk=35, chains=1)
    few = run_chains(slow, replace(STAGE, draws=20), other, tmp_path)
    all_ = load_chains(whole, "chains", 3, 50)
    assert_array_equal(few.z[0], all_.z[0, :20])
    more = run_chains(slow, STAGE, other, tmp_path)
    assert_array_equal(more.z[0], all_.z[0])


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Until a file is there; fails when the process ends before."""
    until = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.002)


def test_a_killed_run_goes_on_with_exactly_the_same_draws(whole: Path, tmp_path: Path) -> None:
    setting = os.environ | {"PYTHONPATH": os.pathsep.join(["src", ROOT, *sys.path])}
    setting |= {"JAX_ENABLE_X64": "1"}
    for milestone in ("chain-0/chunk-0000.npz", "chain-0/chunk-0001.npz"):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path)], env=setting, cwd=ROOT
        )
        wait_for(tmp_path / "chains" / milestone, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Where this test got no time to look, the chains may be whole before they are killed.
        late = len(saved(tmp_path)) == len(saved(whole))
        with nullcontext() if late else pytest.raises(NostoiError, match="N507"):
            load_chains(tmp_path, "chains", 3, 50)
    run_slow(tmp_path, threads=2)
    assert saved(tmp_path) == saved(whole)
    assert not list(tmp_path.glob("chains/chain-*/.*"))


def test_after_control_c_the_run_goes_on(slow: Gradient, whole: Path, tmp_path: Path) -> None:
    def press(tick: Tick) -> None:
        if tick.chain == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_chains(slow, STAGE, SHORT, tmp_path, threads=1, report=press)
    assert saved(tmp_path) != saved(whole)
    run_slow(tmp_path)
    assert saved(tmp_path) == saved(whole)


def test_another_seed_target_step_space_and_start_are_refused(slow: Gradient, whole: Path) -> None:
    before = saved(whole)
    for stage, settings, target, what in (
        (STAGE, replace(SHORT, seed=12), "", "seed was 11, now 12"),
        (STAGE, SHORT, "another", "target was"),
        (replace(STAGE, step=0.3), SHORT, "", "step was 0.1, now 0.3"),
        (replace(STAGE, space=replace(FLAT, scale=2 * FLAT.scale)), SHORT, "", "space was"),
        (replace(STAGE, starts=STAGE.starts + 1.0), SHORT, "", "starts was"),
    ):
        with pytest.raises(NostoiError, match=rf"N503.*{what}"):
            run_chains(slow, stage, settings, whole, identity=target)
    assert saved(whole) == before


def test_a_target_that_fails_stops_all_chains_and_keeps_what_is_saved(
    slow: Gradient, whole: Path, tmp_path: Path
) -> None:
    """Where one chain fails the others stop at once; the same call then ends as if nothing were."""
    asked = 0

    def failing(z: FloatArray) -> tuple[float, FloatArray]:
        nonlocal asked
        asked += 1
        if asked == 700:
            raise ValueError("no such place")
        return slow(z)

    with pytest.raises(NostoiError, match=r"N504.*ValueError: no such place") as failed:
        run_chains(failing, STAGE, SHORT, tmp_path, threads=2)
    assert "goes on" in str(failed.value)
    assert "no such place" in failed.value.__notes__[0]
    assert 0 < len(saved(tmp_path)) < len(saved(whole))
    run_slow(tmp_path)
    assert saved(tmp_path) == saved(whole)


def test_a_damaged_file_is_named(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "chains" / "chain-0" / "chunk-0001.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(NostoiError, match=r"N505[\s\S]*chunk-0001.npz"):
        load_chains(tmp_path, "chains", 3, 50)


def test_states_come_back_exactly(slow: Gradient) -> None:
    sampler = Sampler(slow, STAGE, 7)
    state, _ = sampler.advance(sampler.start(1), 5, lambda _steps: None)
    back = sampler.unpack(sampler.pack(state))
    assert all(
        np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in zip(state, back, strict=True)
    )
    one, two = (sampler.advance(s, 5, lambda _steps: None)[1] for s in (state, back))
    assert_array_equal(one["z"], two["z"])
