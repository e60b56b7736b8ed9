"""What a run leaves in a file tells no small count, and lets none be worked out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.present.disclosure import Gate
from nostoi.present.runs import OVERRIDE, UNPROTECTED, released_run, withheld

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
LINES = st.integers(2, 6).flatmap(lambda n: arrays(float, (3, n), elements=st.integers(0, 40)))
THRESHOLD = 10.0


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_no_linear_program_pins_a_withheld_cell(cells: np.ndarray) -> None:
    hidden = withheld(cells, THRESHOLD, [1])
    assert hidden[(cells > 0) & (cells < THRESHOLD)].all()
    assert not hidden[cells == 0].any()
    for line, off in zip(cells, hidden, strict=True):
        unknown = np.flatnonzero(off)
        positive = int((line > 0).sum())
        if not len(unknown) or len(unknown) == positive:
            continue
        rest = float(line[unknown].sum())
        one = np.ones((1, len(unknown)))
        for k in range(len(unknown)):
            cost = np.eye(len(unknown))[k]
            ends = [s * linprog(s * cost, A_eq=one, b_eq=[rest], bounds=(0, None)).fun
                    for s in (1.0, -1.0)]  # fmt: skip
            assert ends[1] - ends[0] >= THRESHOLD
            assert ends[1] >= THRESHOLD


@settings(max_examples=40, deadline=None)
@given(arrays(float, (2, 4, 5), elements=st.floats(0, 60)))
def test_no_small_count_is_in_the_file(cells: np.ndarray) -> None:
    data = xr.Dataset({"abroad": (("date", "rule", "place"), cells, {"units": "persons"})})
    shown = released_run(data, Gate(THRESHOLD, 5.0))["abroad"].values
    seen = shown[np.isfinite(shown)]
    assert ((seen == 0) | (seen >= THRESHOLD)).all()
    assert (np.abs(shown - cells)[np.isfinite(shown)] <= 2.5).all()


def test_the_program_withholds_and_an_override_is_written_down(tmp_path: Path) -> None:
    for name, more in (("kept", ""), ("open", "1")):
        words = ["run", str(SMALL), "--seed", "1", "-o", str(tmp_path / name)]
        done = CliRunner().invoke(build(), words, env={UNPROTECTED: more})
        assert done.exit_code == 0, done.output
    with (
        xr.open_dataset(tmp_path / "kept" / "run.nc", engine="h5netcdf") as kept,
        xr.open_dataset(tmp_path / "open" / "run.nc", engine="h5netcdf") as full,
    ):
        assert full.attrs["disclosure"] == OVERRIDE
        small = 0
        for key, values in full.data_vars.items():
            if values.attrs.get("units") == "persons":
                cells, shown = values.values, kept[key].values
                low = (cells > 0) & (cells < THRESHOLD)
                small += int(low.sum())
                assert np.isnan(shown[low]).all(), key
        assert small > 0
        assert f"{THRESHOLD:g}" in kept.attrs["disclosure"]
