"""A record for each person: nobody is lost, and the law is that of the counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engine.hop.spaces import DAYS, space, stage, town_between

from nostoi.engine.hop.run import Stage, play, play_singly
from nostoi.world.space import Space

RUNS, PEOPLE = 120, 400


def roads_with_camps() -> Space:
    legs = [("zone", "town", 150.0), ("town", "near", 250.0), ("zone", "near", 700.0),
            ("town", "far", 900.0)]  # fmt: skip
    kinds = {"zone": "conflict", "town": "town", "near": "camp", "far": "camp"}
    found = space(kinds, legs)
    found.closed[6:9, 1] = True
    return replace(found, capacity=np.array([0.0, 0.0, 260.0, 0.0]))


def busy() -> Stage:
    ready = stage(roads_with_camps(), PEOPLE, {"near": 60}, home_rate=0.02, camp_chance=0.05)
    come = ready.out.newcomers.copy()
    come[3] = 150
    return replace(ready, out=ready.out._replace(newcomers=come))


def test_nobody_is_lost_or_made() -> None:
    run = play_singly(stage(town_between(), 5000, {"near": 70}, home_rate=0.01), 3)
    alive = run.persons.sum(axis=1) + run.on_road + run.home.sum(axis=1).cumsum()
    assert alive.tolist() == [5070] * DAYS
    assert run.end.total == run.persons[-1].sum() + run.on_road[-1]
    assert run.home.sum() > 0


def test_a_road_of_three_days_takes_three_days() -> None:
    net = space({"zone": "conflict", "a": "camp"}, [("zone", "a", 1000.0)])
    run = play_singly(stage(net, 100, camp_chance=0.0), 1)
    assert run.on_road[:4].tolist() == [100, 100, 0, 0]
    assert run.persons[2, 1] == 100


def test_the_law_is_that_of_the_counts() -> None:
    ready = busy()
    both = [np.array([how(ready, seed).persons for seed in range(RUNS)], float)
            for how in (play, play_singly)]  # fmt: skip
    means = [one.mean(0) for one in both]
    variances = [one.var(0, ddof=1) for one in both]
    error = np.sqrt((variances[0] + variances[1]) / RUNS)
    moved = error > 0
    assert moved.sum() > 20
    gaps = np.abs(means[0] - means[1])[moved] / error[moved]
    assert gaps.max() < 4.5
    assert np.abs(means[0] - means[1])[~moved].max() == 0
    large = np.minimum(variances[0], variances[1]) > 5
    ratio = np.log(variances[0][large] / variances[1][large])
    assert np.abs(ratio).max() < 4.5 * np.sqrt(4 / RUNS)


def test_same_seed_same_bytes() -> None:
    one, two = (play_singly(busy(), 9) for _ in range(2))
    assert one.persons.tobytes() == two.persons.tobytes()
    assert one.end.keys.tobytes() == two.end.keys.tobytes()
    assert one.persons.tobytes() != play_singly(busy(), 10).persons.tobytes()
