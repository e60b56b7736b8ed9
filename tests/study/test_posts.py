"""Arrivals by border post follow the best ways, and nobody is invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nostoi.case.load import load
from nostoi.study.posts import post_shares

VALID = Path(__file__).parents[1] / "cases" / "valid"
FLAGSHIP = Path(__file__).parents[2] / "cases" / "russia-2022"


def test_a_case_without_roads_has_no_posts() -> None:
    names, limit, shares = post_shares(load(VALID / "minimal"), ("BBB",))
    assert (names, limit.size, shares.shape) == ((), 0, (1, 0))


@pytest.fixture(scope="module")
def flagship() -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    case = load(FLAGSHIP)
    hosts = tuple(place.place for place in case.hosts)
    names, limit, shares = post_shares(case, hosts)
    assert (limit > 0).all()
    return hosts, names, shares


def test_shares_are_shares(flagship: tuple[tuple[str, ...], tuple[str, ...], np.ndarray]) -> None:
    _, _, shares = flagship
    assert (shares >= 0).all()
    assert (shares <= 1 + 1e-9).all()


def test_the_way_to_georgia_by_land_is_verkhny_lars(
    flagship: tuple[tuple[str, ...], tuple[str, ...], np.ndarray],
) -> None:
    hosts, names, shares = flagship
    lars = next(k for k, name in enumerate(names) if "lars" in name)
    georgia = shares[hosts.index("GEO")]
    assert georgia[lars] == georgia.max() > 0
    assert shares[hosts.index("KAZ"), lars] == 0


def test_the_way_to_kazakhstan_goes_by_its_own_posts(
    flagship: tuple[tuple[str, ...], tuple[str, ...], np.ndarray],
) -> None:
    hosts, _, shares = flagship
    used = shares[hosts.index("KAZ")] > 0
    assert used.sum() >= 2
    assert shares[hosts.index("TUR")][used].sum() < shares[hosts.index("KAZ")].sum()
