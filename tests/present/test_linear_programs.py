"""What a reader can work out: linear programs over released tables, with rounding as intervals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from nostoi.present.complementary import Bools, Floats, equations, extended, lines
from nostoi.present.disclosure import Gate, Row
from nostoi.present.run_file import released

SLACK = 1e-6
STEP = 5.0
CELLS = st.integers(0, 40).map(float) | st.integers(0, 500).map(float)
TABLES = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=CELLS)
)


def reach(seen: Floats, system: Floats, cell: int) -> tuple[float, float]:
    """Least and greatest value of a withheld cell that agrees with all that was released."""
    flat = seen.ravel()
    ends = [(0.0, None) if np.isnan(v) else (max(v - STEP / 2, 0.0), v + STEP / 2) for v in flat]
    cost = np.zeros(flat.size)
    cost[cell] = 1.0
    found = []
    for sign in (1.0, -1.0):
        result = linprog(sign * cost, A_eq=system, b_eq=np.zeros(len(system)), bounds=ends)
        found.append(sign * float(result.fun) if result.status == 0 else sign * -np.inf)
    return max(found[0], 0.0), found[1]


@settings(max_examples=40, deadline=None)
@given(TABLES, st.sampled_from([10.0, 20.0]))
def test_no_program_narrows_a_withheld_cell(cells: Floats, threshold: float) -> None:
    seen = Gate(threshold, STEP).cross(cells, rows=True, columns=True)
    truth = extended(cells, True, True)
    assert np.isnan(seen[truth < threshold]).all()
    kept = seen[~np.isnan(seen)]
    assert (kept >= threshold).all() and (kept % STEP == 0).all()
    system = equations((cells.shape[0], cells.shape[1]), True, True)
    for cell in np.flatnonzero(np.isnan(seen.ravel())):
        low, high = reach(seen, system, int(cell))
        assert low - SLACK <= truth.ravel()[cell] <= high + SLACK
        assert high - low >= threshold - SLACK
        assert high >= threshold - SLACK


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=2, max_size=7))
def test_no_program_narrows_a_part_of_a_published_total(sizes: list[float]) -> None:
    gate = Gate()
    rows: list[Row] = [{"whole": "a", "part": str(k), "n": size} for k, size in enumerate(sizes)]
    parts = gate.release(gate.together(rows, "whole", ("n",)), counts=("n",)).rows
    total = gate.count(sum(sizes))
    shown = [np.nan if row["n"] is None else row["n"] for row in parts]
    seen = np.array([[*shown, np.nan if total is None else total]], float)
    system = equations((1, len(sizes)), True, False)
    for k in np.flatnonzero(np.isnan(seen[0, :-1])):
        low, high = reach(seen, system, int(k))
        assert high - low >= gate.threshold - SLACK and high >= gate.threshold - SLACK


@given(arrays(float, (3, 4, 2), elements=CELLS))
def test_no_line_of_a_long_array_misses_too_little(cells: Floats) -> None:
    hidden = lines(cells, cells < 10, 10.0, (0, 1))
    assert hidden[cells < 10].all()
    for axis in (0, 1):
        lost = np.where(hidden, cells, 0).sum(axis)
        missing = hidden.sum(axis)
        every = missing == cells.shape[axis]
        assert ((missing == 0) | every | ((missing >= 2) & (lost >= 10))).all()


def made_run(out: Floats, home: Floats) -> xr.Dataset:
    """Departures from hosts as a run holds them, [draw, date, place]."""

    def persons(values: Floats, *dims: str) -> xr.DataArray:
        return xr.DataArray(values[None], dims=("draw", *dims), attrs={"units": "persons"})

    both = np.stack([out + home, 0.5 * (out + home)], 1)
    return xr.Dataset(
        {"go_home": persons(home, "date", "place"), "go_on": persons(out, "date", "place"),
         "exits": persons(both, "date", "rule", "place"),
         "leave_to": persons(out + 7.0 * home, "date", "place")},
        {"rule": ["any", "3m"]},
    )  # fmt: skip


PLACES = arrays(float, (2, 4), elements=CELLS)


@settings(max_examples=40, deadline=None)
@given(PLACES, PLACES)
def test_departures_do_not_tell_who_went_home(out: Floats, home: Floats) -> None:
    """Home + on = all departures, and hosts add up to totals that other numbers tell."""
    run = released(made_run(out, home), Gate())
    for day in range(2):
        rows = [run["go_home"], run["go_on"], run["exits"].sel(rule="any")]
        parts = np.stack([row.values[0, day] for row in rows])
        hidden: Bools = np.isnan(parts)
        assert (hidden.sum(0) != 1).all(), "of the three never one alone"
        true = np.stack([home[day], out[day], home[day] + out[day]])
        assert hidden[true < 10].all()
        for line, size in zip(hidden, true, strict=True):
            assert line.sum() in (0, 4) or (line.sum() >= 2 and size[line].sum() >= 10)
        totals = true.sum(1, keepdims=True)
        seen = np.hstack([parts, np.where(totals < 10, np.nan, np.round(totals / STEP) * STEP)])
        # Rows add up to their totals, and in each column home + on = all departures.
        system = np.vstack([equations((3, 4), True, False), crossing()])
        for cell in np.flatnonzero(np.isnan(seen[:, :4]).ravel()):
            at = int(cell // 4 * 5 + cell % 4)
            low, high = reach(seen, system, at)
            assert high - low >= STEP - SLACK


def crossing() -> Floats:
    """One equation per column of a table [3, 5]: the first two rows add up to the third."""
    found = np.zeros((5, 3, 5))
    for column in range(5):
        found[column, :, column] = (1.0, 1.0, -1.0)
    return found.reshape(5, 15)


def test_what_a_day_tells_about_a_move() -> None:
    """Stocks in a row tell a withheld move only to within twice the rounding."""
    rng = np.random.default_rng(1)
    moves = rng.integers(0, 10, 400).astype(float)
    stocks = np.round((1000 + np.cumsum(moves)) / STEP) * STEP
    widths = [min(b - a + STEP, 10.0) - max(b - a - STEP, 0.0) for a, b in pairwise(stocks)]
    assert min(widths) >= STEP
