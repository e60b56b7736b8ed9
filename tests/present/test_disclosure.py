"""No count below the threshold leaves, and none can be worked out from what leaves."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nostoi.present.complementary import bounds, equations, extended, protect
from nostoi.present.disclosure import Gate, Row
from nostoi.present.summary import QUANTILES, Estimate

COUNTS = st.floats(0, 1e6) | st.floats(0, 30)
TABLES = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(0, 40).map(float))
)


@given(st.lists(COUNTS, min_size=1), st.integers(10, 50), st.sampled_from([1, 5, 10]))
def test_no_count_below_the_threshold_leaves(
    values: list[float], threshold: int, step: int
) -> None:
    gate = Gate(threshold, step)
    rows: list[Row] = [{"n": value, "q": value / 2} for value in values]
    released = gate.release(rows, counts=("n", "q"))
    for row in released.rows:
        for name in ("n", "q"):
            kept = row[name]
            assert kept is None or (isinstance(kept, float) and kept >= threshold)
            assert kept is None or kept % step == 0


def test_counts_are_compared_as_numbers() -> None:
    # "9" > "138" as text: such a comparison once hid good data and showed small counts.
    assert Gate().count(138) == 140
    assert Gate().count(9) is None
    assert Gate().count(-3) is None
    assert Gate(threshold=12).count(12.4) is None


def test_rounding_cannot_lift_a_count_over_the_threshold() -> None:
    assert Gate().count(9.99) is None


@given(st.lists(COUNTS, min_size=5, max_size=5))
def test_quantiles_of_small_counts_are_withheld(values: list[float]) -> None:
    low90, low50, median, high50, high90 = sorted(values)
    kept = Gate().estimate(Estimate(low90, low50, median, high50, high90))
    assert all(value is None or value >= 10 for value in kept.values())


def test_shares_of_few_persons_are_withheld() -> None:
    gate = Gate()
    rows: list[Row] = [{"share": 0.5, "base": 8.0}, {"share": 0.01, "base": 500.0},
                       {"share": 0.5, "base": 500.0}]  # fmt: skip
    released = gate.release(rows, shares={"share": "base"})
    assert [row["share"] for row in released.rows] == [None, None, 0.5]
    assert released.withheld == 2


def test_what_is_withheld_is_said() -> None:
    rows: list[Row] = [dict.fromkeys(QUANTILES, 5.0), dict.fromkeys(QUANTILES, 50.0)]
    released = Gate().release(rows, counts=QUANTILES)
    assert released.withheld == 5
    assert released.rows[0]["withheld"] == 5
    assert "withheld" not in released.rows[1]


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_hidden_cell_follows_from_the_totals(cells: np.ndarray) -> None:
    hidden = protect(cells, 10.0, rows=True, columns=True)
    table = extended(cells, True, True)
    assert hidden[table < 10].all()
    system = equations((cells.shape[0], cells.shape[1]), True, True)
    for cell in np.flatnonzero(hidden.ravel()):
        low, high = bounds(table, hidden, system, int(cell))
        assert high - low >= 10 - 1e-6
        assert high >= 10 - 1e-6


def test_one_small_cell_takes_another_with_it() -> None:
    cells = np.array([[3.0, 200.0], [300.0, 400.0]])
    seen = Gate().cross(cells, rows=True, columns=True)
    assert np.isnan(seen).sum() >= 4
    assert seen[2, 2] == 905.0


def test_a_table_without_small_cells_is_left_alone() -> None:
    cells = np.array([[30.0, 200.0], [300.0, 400.0]])
    assert not np.isnan(Gate().cross(cells, rows=True, columns=True)).any()


def test_a_list_with_a_total_loses_two_cells() -> None:
    cells = np.array([[4.0], [50.0], [700.0]])
    seen = Gate().cross(cells, rows=False, columns=True)[:, 0]
    assert math.isnan(seen[0]) and math.isnan(seen[1])
    assert seen[2] == 700 and seen[3] == 755


def test_a_part_of_a_total_shown_elsewhere_takes_another_with_it() -> None:
    rows: list[Row] = [
        {"date": day, "place": place, "median": size}
        for day, sizes in (("a", (4.0, 50.0, 700.0)), ("b", (40.0, 50.0, 700.0)))
        for place, size in zip("xyz", sizes, strict=True)
    ]
    gate = Gate()
    kept = gate.release(gate.together(rows, "date", ("median",)), counts=("median",)).rows
    assert [row["median"] for row in kept] == [None, None, 700, 40, 50, 700]


def test_cells_that_everybody_knows_stay() -> None:
    cells = np.array([[0.0, 200.0], [300.0, 0.0]])
    known = np.eye(2, dtype=bool)
    seen = Gate().cross(cells, rows=True, columns=True, known=known)
    assert seen[0, 0] == 0 and not np.isnan(seen).any()


def test_parts_of_a_difference_may_be_negative() -> None:
    sizes = (-700.0, 50.0, 4.0, -300.0)
    rows: list[Row] = [
        {"date": "a", "place": p, "n": n} for p, n in zip("wxyz", sizes, strict=True)
    ]
    kept = Gate().release(Gate().together(rows, "date", ("n",)), counts=("n",)).rows
    assert [row["n"] for row in kept] == [-700, None, None, -300]
