"""Flows implied by stock tables, against the numbers printed by their authors.

Sources: Abel (2013), *Demographic Research* 28:505-546; Abel and Sander (2014), *Science*
343:1520-1522; Abel and Cohen (2019), *Scientific Data* 6:82; Azose and Raftery (2019), *PNAS*
116:116-122. The tables also stand in the manual of the R package migest (`ffs_demo`).
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nostoi.observe.accounting import (
    Table,
    close_accounts,
    independent_flows,
    minimum_flows,
    mixed_flows,
    moves,
)

# Birthplace by residence, places A to D; no births and deaths.
START = np.array([[1000, 100, 10, 0], [55, 555, 50, 5], [80, 40, 800, 40], [20, 25, 20, 200]])
END = np.array([[950, 100, 60, 0], [80, 505, 75, 5], [90, 30, 800, 40], [40, 45, 0, 180]])


def by_residence(*columns: tuple[float, ...]) -> Table:
    """A stock table given as residences, each with its birthplaces A to D."""
    return np.array(columns, float).T


def test_minimum_flows_as_printed_in_2013() -> None:
    """Six kinds of moves, 150 persons, to the last digit."""
    expected = np.array([[0, 0, 50, 0], [35, 0, 25, 0], [10, 10, 0, 0], [10, 10, 0, 0]])
    np.testing.assert_allclose(moves(minimum_flows(START, END)), expected, atol=1e-9)


def test_minimum_flows_as_printed_in_2019() -> None:
    """The example of the data paper, printed with six decimals; 160 persons."""
    start = by_residence((100, 80, 30, 60), (10, 180, 10, 70), (10, 10, 140, 10), (0, 90, 40, 160))
    end = by_residence((95, 75, 55, 35), (5, 225, 0, 25), (15, 5, 115, 25), (5, 55, 50, 215))
    expected = np.array(
        [
            [0, 5, 7.857143, 22.142857],
            [7.142857, 0, 12.142857, 40.714286],
            [17.857143, 5, 0, 7.142857],
            [0, 35, 0, 0],
        ]
    )
    found = moves(minimum_flows(start, end))
    np.testing.assert_allclose(found, expected, atol=5e-7)
    assert found.sum() == pytest.approx(160.0)


def test_independent_flows_as_printed() -> None:
    """The same stocks without the rule that people stay: 880.6 persons."""
    expected = np.array(
        [
            [0, 137.8, 126.9, 17.3],
            [159.9, 0, 101.3, 22.8],
            [92.6, 67.3, 0, 47.3],
            [34.5, 39.0, 33.9, 0],
        ]
    )
    found = moves(independent_flows(START, END))
    np.testing.assert_allclose(found, expected, atol=0.05)
    assert found.sum() == pytest.approx(880.6, abs=0.05)


def test_mixture_with_the_weight_of_the_paper() -> None:
    """0.87 times minimum flows and 0.13 times independent flows: 244.98 persons."""
    assert moves(mixed_flows(START, END)).sum() == pytest.approx(244.98, abs=0.005)


OPEN_START = by_residence(
    (1000, 55, 80, 20), (100, 555, 40, 25), (10, 50, 800, 20), (0, 5, 40, 200)
)
OPEN_END = by_residence((1060, 45, 70, 30), (60, 540, 75, 30), (10, 40, 770, 20), (10, 0, 70, 230))


def test_open_accounts_with_births_and_deaths() -> None:
    """Abel (2013), births and deaths, moves from and to outside: 131.95487 persons."""
    stocks = close_accounts(
        OPEN_START, OPEN_END, births=[80, 20, 40, 60], deaths=[70, 30, 50, 10], way="outside"
    )
    assert moves(minimum_flows(*stocks)).sum() == pytest.approx(131.95487, abs=5e-6)


def test_closed_accounts_with_births_and_deaths() -> None:
    """Abel and Sander (2014), both tables rescaled: 127.693289 persons.

    The fit is iterative; ours runs to 1e-10, theirs stops earlier, which moves the fourth decimal.
    """
    stocks = close_accounts(OPEN_START, OPEN_END, births=[80, 20, 60, 60], deaths=[70, 30, 50, 10])
    assert moves(minimum_flows(*stocks)).sum() == pytest.approx(127.693289, abs=5e-4)
    np.testing.assert_allclose(stocks[0].sum(axis=0), OPEN_START.sum(axis=0) - [70, 30, 50, 10])


def test_moves_that_the_seed_forbids_do_not_happen() -> None:
    """A zero in the seed is a closed way; what cannot then be fitted is an error."""
    start, end = np.array([[50.0, 50, 0, 0]]), np.array([[45.0, 40, 8, 7]])
    seed = np.array([[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]])
    np.testing.assert_allclose(
        moves(minimum_flows(start, end, seed)),
        [[0, 0, 5, 0], [0, 0, 3, 7], [0, 0, 0, 0], [0, 0, 0, 0]],
        atol=1e-6,
    )
    seed[1, 3] = 0
    with pytest.raises(ValueError, match="no table has these margins"):
        minimum_flows(start, end, seed)


cells = st.lists(st.integers(0, 500), min_size=9, max_size=9)


@settings(deadline=None)  # machines differ in speed; the answer does not
@given(cells, cells)
def test_flows_lead_from_one_table_to_the_other(start: list[int], weights: list[int]) -> None:
    """For any tables: margins are met, nothing is negative, minimum is not above independence."""
    first = np.array(start, float).reshape(3, 3)
    share = np.array(weights, float).reshape(3, 3) + 1.0
    last = first.sum(axis=1, keepdims=True) * share / share.sum(axis=1, keepdims=True)
    least, most = minimum_flows(first, last), independent_flows(first, last)
    for flows in (least, most):
        assert flows.min() >= 0.0
        np.testing.assert_allclose(flows.sum(axis=2), first, atol=1e-6)
        np.testing.assert_allclose(flows.sum(axis=1), last, atol=1e-6)
    assert moves(least).sum() <= moves(most).sum() + 1e-6


def test_tables_that_cannot_be_right_are_refused() -> None:
    """Unequal birthplace totals, unequal shapes, negative persons, impossible deaths."""
    with pytest.raises(ValueError, match="close_accounts"):
        minimum_flows(START, END + 1)
    with pytest.raises(ValueError, match="do not match"):
        minimum_flows(START, END[:2])
    with pytest.raises(ValueError, match="negative persons"):
        independent_flows(START - 30, END)
    with pytest.raises(ValueError, match="births or deaths"):
        close_accounts(START, END, births=[0, 0, 0, 0], deaths=[0, 0, 0, 9999])
    with pytest.raises(ValueError, match="share"):
        mixed_flows(START, END, weight=1.5)
