"""Errors of camps by hand, ensembles on many workers, and the command."""

from __future__ import annotations

import os
import runpy
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from tests.case.flee.conftest import FILES
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.case.flee.read import read_flee
from nostoi.case.flee.to_case import case_files
from nostoi.case.load import load
from nostoi.present.camps import camps_csv, camps_table
from nostoi.present.disclosure import Gate
from nostoi.rules.hop.params import hop_cards, learned_numbers
from nostoi.study.camps import camp_errors, ground_of, params_of_hops, reproduce
from nostoi.study.ensemble import Crew, errors_by_ground, play_all, replicas, sweep
from nostoi.study.sets import combinations

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented conflict as a case."""
    where = tmp_path_factory.mktemp("camps")
    for name, text in FILES.items():
        (where / "flee" / name).parent.mkdir(parents=True, exist_ok=True)
        (where / "flee" / name).write_text(text, encoding="utf-8")
    found, _ = read_flee(where / "flee")
    assert found is not None
    for name, text in case_files(found, "invented").items():
        (where / "invented" / name).parent.mkdir(parents=True, exist_ok=True)
        (where / "invented" / name).write_text(text, encoding="utf-8")
    return where / "invented"


@pytest.fixture(scope="module")
def case(folder: Path) -> Case:
    return load(folder)


def test_errors_by_hand() -> None:
    counted = np.array([[0, 0], [60, 40], [100, 100]])
    simulated = np.array([[5, 0], [40, 40], [50, 0]])
    found = camp_errors(simulated, counted)
    assert found.ard == pytest.approx((20 / 100 + 150 / 200) / 2)
    assert found.rescaled == pytest.approx((20 / 100 + 200 / 200) / 2)  # 50, 50 and 200, 0
    assert camp_errors(counted, counted).ard == 0
    with pytest.raises(ValueError, match="nobody"):
        camp_errors(counted * 0, counted * 0)


def test_a_reproduction_brings_as_many_as_were_counted(case: Case) -> None:
    ground = ground_of(case)
    run, errors = reproduce(ground, 1)
    most = np.maximum.accumulate(ground.counted.sum(axis=1))
    assert (run.persons.sum(axis=1) + run.on_road == most).all()
    assert run.persons[0, ground.counts.camps[0]] >= 0
    assert 0 < errors.ard < 2
    assert 0 < errors.rescaled < 2


def test_agents_for_many_persons(case: Case) -> None:
    ground = ground_of(case, hasten=10)
    run, _ = reproduce(ground, 1)
    most = np.maximum.accumulate((ground.counts.persons // 10).sum(axis=1))
    assert run.agent_steps == most.sum()


def test_day_zero_takes_room_twice(case: Case) -> None:
    ground = ground_of(case)
    one = ground.stage.space.index("camp-one")
    assert ground.stage.out.limit[0, one] == (9000 - 37) * 1.25


def test_own_parameters_come_last(case: Case) -> None:
    assert params_of_hops(case, {"hop_speed": 90.0}).hop_speed == 90.0
    assert params_of_hops(case).hop_speed == 400.0


def test_workers_change_no_byte(case: Case) -> None:
    grounds = sweep(case, combinations(["hop_speed=150,400"]))
    jobs = replicas(grounds, 5, 3)
    serial = play_all(grounds, jobs, Crew())
    spread = play_all(grounds, jobs, Crew(workers=2))
    assert [o.job for o in spread] == jobs
    assert [o.camps.tobytes() for o in serial] == [o.camps.tobytes() for o in spread]
    assert len({o.camps.tobytes() for o in serial}) == 6
    assert [len(errors) for _, errors in errors_by_ground(grounds, serial)] == [3, 3]


def test_records_obey_the_same_law_on_any_workers(case: Case) -> None:
    grounds = sweep(case, [{}])
    singly, counted = (replicas(grounds, 5, 40, one) for one in (True, False))
    serial = play_all(grounds, singly, Crew())
    spread = play_all(grounds, singly[:4], Crew(workers=2))
    assert [o.camps.tobytes() for o in serial[:4]] == [o.camps.tobytes() for o in spread]
    one, other = (
        np.array([o.camps[-1] for o in some], float)
        for some in (serial, play_all(grounds, counted, Crew()))
    )
    error = np.sqrt((one.var(0) + other.var(0)) / 40) + 1e-9
    assert (np.abs(one.mean(0) - other.mean(0)) / error).max() < 4
    assert serial[0].camps.tobytes() != play_all(grounds, counted[:1], Crew())[0].camps.tobytes()


@pytest.mark.parametrize(
    ("word", "crew"),
    [("3", Crew(3)), ("tcp://127.0.0.1:9", Crew(cluster="tcp://127.0.0.1:9"))],
)
def test_a_crew_is_a_number_or_an_address(word: str, crew: Crew) -> None:
    assert Crew.of(word) == crew
    assert Crew.of("0").workers >= 1


@pytest.mark.parametrize("word", ["-1", "many", "", "2.5"])
def test_no_other_crew(word: str) -> None:
    with pytest.raises(NostoiError) as refused:
        Crew.of(word)
    assert refused.value.findings[0].number == 312


def test_a_cluster_that_loses_a_worker_changes_no_byte(case: Case) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    grounds = sweep(case, combinations(["hop_speed=150,200,300,400"]))
    jobs = replicas(grounds, 5, 150)
    serial = play_all(grounds, jobs, Crew())
    done_before: list[int] = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        host="127.0.0.1", silence_logs=50,
    ) as cluster:  # fmt: skip
        victim = next(iter(cluster.workers.values())).pid

        def kill() -> None:
            """Stop one worker for good as soon as a few jobs are done."""
            while True:
                states = [task.state for task in list(cluster.scheduler.tasks.values())]
                if states.count("memory") >= 10:
                    os.kill(victim, signal.SIGKILL)
                    done_before.append(states.count("memory"))
                    return
                time.sleep(0.002)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        found = play_all(grounds, jobs, Crew(cluster=cluster.scheduler_address))
        killer.join(timeout=10)
    assert 10 <= done_before[0] < len(jobs)
    assert [o.camps.tobytes() for o in serial] == [o.camps.tobytes() for o in found]


def test_no_cluster_is_a_finding(case: Case) -> None:
    grounds = sweep(case, [{}])
    with pytest.raises(NostoiError) as refused:
        play_all(grounds, replicas(grounds, 1, 1), Crew(cluster="tcp://127.0.0.1:9"))
    assert refused.value.findings[0].number == 305


def test_sweeps_name_known_parameters() -> None:
    assert combinations([]) == [{}]
    both = combinations(["hop_speed=100,200", "softening=5"])
    assert both == [{"hop_speed": 100.0, "softening": 5.0}, {"hop_speed": 200.0, "softening": 5.0}]
    with pytest.raises(NostoiError) as refused:
        combinations(["hop_sped=1", "softening=far"])
    assert [f.number for f in refused.value.findings] == [306, 306]
    assert "hop_speed" in refused.value.findings[0].what


def test_the_table_withholds_small_counts(case: Case) -> None:
    grounds = sweep(case, [{}])
    outcomes = play_all(grounds, replicas(grounds, 1, 3), Crew())
    table = camps_table(grounds[0], outcomes, Gate(threshold=200))
    assert len(table.rows) == 12 * 3
    shown = [v for row in table.rows for v in row.values() if isinstance(v, float)]
    assert all(v >= 200 and v % 5 == 0 for v in shown if v > 4)
    assert table.withheld > 0
    assert camps_csv(table).splitlines()[0] == "date,camp,counted,median,low,high"


def test_the_command(folder: Path, tmp_path: Path) -> None:
    words = ["camps", str(folder), "--replicas", "2", "--set", "hop_speed=150,400"]
    done = CliRunner().invoke(build(), [*words, "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("rescaled") == 2
    assert (tmp_path / "out" / "camps.csv").read_text().count("\n") == 37
    again = CliRunner().invoke(build(), [*words, "-o", str(tmp_path / "out")])
    assert again.exit_code == 2
    singly = CliRunner().invoke(build(), [*words, "--agents", "singly", "--workers", "2"])
    assert (singly.exit_code, "a record for each agent" in singly.stdout) == (0, True)
    lost = CliRunner().invoke(build(), [*words, "--cluster", "nowhere"])
    assert (lost.exit_code, "N312" in lost.stderr) == (2, True)
    wrong = CliRunner().invoke(build(), ["camps", str(folder), "--set", "speed=1"])
    assert (wrong.exit_code, "N306" in wrong.stderr) == (2, True)


def test_learned_stands_for_numbers_that_other_words_go_before() -> None:
    taught = learned_numbers()
    assert combinations(["learned"]) == [taught]
    swept = combinations(["learned", "hop_speed=150,400", "camp_weight=2"])
    assert [own["hop_speed"] for own in swept] == [150, 400]
    assert all(own == taught | {"hop_speed": own["hop_speed"], "camp_weight": 2} for own in swept)


def test_all_parameters_with_a_prior_are_learned_and_no_others() -> None:
    """What is switched off stays off."""
    assert set(learned_numbers()) == {card.name for card in hop_cards() if card.sd != 0}
    assert "home_rate" not in learned_numbers()


def test_learned_numbers_are_those_of_the_table_of_candidates() -> None:
    """params.csv holds what the rule makes of the errors that lie in the repository."""
    script = runpy.run_path(str(ROOT / "verification" / "flee_learn.py"))
    lines = script["read"]()
    found = script["learned"](lines, None)
    assert {name: float(f"{value:.3g}") for name, value in found.items()} == learned_numbers()
    assert len({line.case for line in lines}) == 7
    others = [line for line in lines if line.case != "mali2012"]
    assert script["learned"](lines, "mali2012") == script["learned"](others, None)
