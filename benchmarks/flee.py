"""Flee against Nostoi on the same folders in one run: time, memory and errors.

    python benchmarks/flee.py [FOLDER] [CASE ...] [--flee-venv PLACE] [--install] [--repeat N]

FOLDER holds one folder of Flee for each case. With `--install` Flee 3.1 is installed from the
package index into a virtual environment at PLACE, and run there; where that release cannot run a
case, or without PLACE, the speeds measured by those who prepared the cases stand in its stead, and
the table says so. Times are CPU seconds of the run itself, compiled code loaded before.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "verification"))

DRIVER = """
import csv, json, os, resource, sys, time
folder, hasten, settings = sys.argv[1], int(sys.argv[2]), sys.argv[3]
begin = time.process_time()
from flee import flee, spawning
from flee.datamanager import handle_refugee_data
from flee.InputGeography import InputGeography
flee.SimulationSettings.ReadFromYML(settings)
given = lambda name: os.path.join(folder, "input_csv", name)
period = dict(row for row in csv.reader(open(given("sim_period.csv"))) if row)
e, ig = flee.Ecosystem(), InputGeography()
ig.ReadConflictInputCSV(given("conflicts.csv"))
ig.ReadLocationsFromCSV(given("locations.csv"))
ig.ReadLinksFromCSV(given("routes.csv"))
ig.ReadClosuresFromCSV(given("closures.csv"))
e, lm = ig.StoreInputGeographyInEcosystem(e)
d = handle_refugee_data.RefugeeTable(csvformat="generic", start_date=period["StartDate"],
    data_directory=os.path.join(folder, "source_data"), data_layout="data_layout.csv",
    population_scaledown_factor=hasten)
if os.path.exists(given("registration_corrections.csv")):
    d.ReadL1Corrections(given("registration_corrections.csv"))
camps = [name for name, place in lm.items() if place.camp]
for name in camps:
    spawning.add_initial_refugees(e, d, lm[name])
    if lm[name].capacity > 0:
        lm[name].capacity = 1.25 * max(lm[name].capacity - lm[name].numAgents, 1)
steps, errors = 0, []
for t in range(int(period["Length"])):
    ig.AddNewConflictZones(e, t)
    spawning.refresh_spawn_weights(e)
    spawning.spawn_daily_displaced(e, t, d, SumFromCamps=True)
    e.enact_border_closures(t)
    e.evolve()
    steps += len(e.agents)
    counted = {name: int(d.get_field(name, t)) for name in camps}
    if sum(counted.values()) > 0:
        off = sum(abs(lm[name].numAgents - n) for name, n in counted.items())
        errors.append(off / sum(counted.values()))
print()
print(json.dumps({"cpu": time.process_time() - begin, "steps": steps,
    "ard": sum(errors) / len(errors),
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
"""Runs a case by the public calls of Flee 3.1, in its own environment only.

That release knows no `capacity_scaling` and does not count people of day 0 twice, as the version
that was validated does; capacities are therefore changed after loading.
"""

OURS = """
import json, resource, sys, time
from nostoi.case.load import load
from nostoi.engine.hop.run import play
from nostoi.study.camps import ground_of, reproduce
case, hasten, repeat = load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ground = ground_of(case, hasten)
play(ground.stage, 1, days=(0, 1))
times = []
for seed in range(1, repeat + 1):
    begin = time.process_time()
    run, errors = reproduce(ground, seed)
    times.append(time.process_time() - begin)
print(json.dumps({"cpu": sorted(times)[len(times) // 2], "steps": run.agent_steps,
    "ard": errors.ard, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def answer(words: list[str], limit: float) -> dict[str, Any] | str:
    """What a program prints as its last line of JSON, or why it did not."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"stopped after {limit:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no word of an error"])[-1][:100]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def flee_python(place: Path | None, install: bool) -> Path | None:
    """The Python of Flee's environment, made if asked; None without one."""
    if place is None:
        return None
    python = place / "bin" / "python"
    if install and not python.exists():
        venv.create(place, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "flee==3.1"], check=False)
    return python if python.exists() else None


def settings(folder: Path, case: Path, hasten: int) -> str:
    """Flee's settings of the validation runs as a file."""
    text = f"""conflict_input_file: {case / "input_csv" / "conflicts.csv"}
log_levels: {{agent: 0, link: 0, camp: 0, conflict: 0, init: 0}}
spawn_rules: {{take_from_population: False, insert_day0: True,
  conflict_spawn_decay: [1.0, 1.0, 1.0, 0.5, 0.1]}}
move_rules: {{max_move_speed: 400.0, max_walk_speed: 35.0, foreign_weight: 1.0, camp_weight: 1.0,
  conflict_weight: 0.25, conflict_movechance: 1.0, camp_movechance: 0.001,
  idpcamp_movechance: 0.1, default_movechance: 0.5, awareness_level: 1,
  avoid_short_stints: True, start_on_foot: False, weight_power: 1.0, softening: 50.0,
  distance_power: 0.75}}
optimisations: {{hasten: {hasten}}}
"""
    (folder / "simsetting.yml").write_text(text)
    return str(folder / "simsetting.yml")


def main() -> None:
    """Runs the comparison and prints a table."""
    from flee_cases import FLEE, imported

    parser = argparse.ArgumentParser(description=__doc__)
    beside = ROOT.parent / "shared" / "flee-cases"
    parser.add_argument("folder", nargs="?", type=Path, default=beside)
    parser.add_argument("cases", nargs="*", default=[])
    parser.add_argument("--flee-venv", type=Path)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--full", action="store_true", help="one agent a person; ours only")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that Flee may take")
    given = parser.parse_args()
    python = flee_python(given.flee_venv, given.install)
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(("case", "hasten", "M agent-steps", "our CPU s", "our M steps/CPU s", "our MB",
                  "our ARD", "Flee CPU s", "Flee k steps/CPU s", "Flee MB", "Flee ARD",
                  "times faster", "Flee's figures"))  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        where = Path(place)
        for name in given.cases or FLEE:
            imported(given.folder / name, where)
            hasten = 1 if given.full else FLEE[name].hasten
            case = where / name.replace("_", "-")
            words = [sys.executable, "-c", OURS, str(case), str(hasten), str(given.repeat)]
            ours = answer(words, 3600.0)
            if isinstance(ours, str):
                print(name, ours)
                continue
            flee: dict[str, Any] | str = "not asked for"
            if python is not None and not given.full:
                given_folder = where / "given" / name
                driver = [str(python), "-c", DRIVER, str(given_folder), str(hasten)]
                flee = answer([*driver, settings(where, given_folder, hasten)], given.limit)
            out.writerow(row(name, hasten, ours, flee))
            sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest memory of any program started: {peak:.0f} MB; {time.strftime('%Y-%m-%d')}")


def row(name: str, hasten: int, ours: dict[str, Any], flee: dict[str, Any] | str) -> list[str]:
    """One line of the table."""
    from flee_cases import FLEE

    speed = ours["steps"] / ours["cpu"]
    if isinstance(flee, str):
        theirs, said = FLEE[name].steps_per_cpu_s, f"published ({flee})"
        cells = ["", f"{theirs / 1e3:.0f}", "", f"{FLEE[name].ard:.3f}"]
    else:
        theirs, said = flee["steps"] / flee["cpu"], "this run"
        cells = [f"{flee['cpu']:.1f}", f"{theirs / 1e3:.0f}", f"{flee['mb']:.0f}",
                 f"{flee['ard']:.3f}"]  # fmt: skip
    return [name, str(hasten), f"{ours['steps'] / 1e6:.1f}", f"{ours['cpu']:.2f}",
            f"{speed / 1e6:.1f}", f"{ours['mb']:.0f}", f"{ours['ard']:.3f}", *cells,
            f"{speed / theirs:.0f}", said]  # fmt: skip


if __name__ == "__main__":
    main()
