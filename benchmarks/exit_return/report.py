"""The table of the common work: medians, ratios within one round, and whether counts agree."""

from __future__ import annotations

import platform
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np

from benchmarks.exit_return.work import DAYS, agrees, deviations

OURS = (("engine", 2), ("engine", 1), ("by_hand", 2), ("by_hand", 1), ("vectors", 1))
TITLES = {
    "engine": "agent engine, rules from rule texts",
    "by_hand": "hand-written Numba kernel",
    "vectors": "plain NumPy",
    "starsim": "Starsim 3",
    "mesa": "Mesa 3",
}
TARGETS = {"vectors 1": 10.0, "starsim 1": 15.0, "mesa 1": 150.0, "by_hand 2": 0.5}
HOT_BYTES = 20.0
"""Bytes that a person-day of the engine moves at least: the cell (4) read, belief and savings (4
each) read and written; what is read of the few who may move comes on top."""

HEAD = """# The common work "exit-return"

Written by `python -m benchmarks.exit_return{flags}`; the work is stated in
`benchmarks/exit_return/__init__.py`. {persons:,} persons (Mesa: {mesa:,}; its time per person-day
does not depend on their number), {days} days, {rounds} rounds in which all take turns, each in a
process of its own; medians. The loop over days is timed, without imports, compilation and the
initial draw. "CPU" adds up all cores and is what a busy machine disturbs least; "speed" is by the
clock on the wall. {machine}.
"""


def speed(one: dict[str, Any], clock: str) -> float:
    """Seconds per person-day."""
    return float(one[clock] / (one["persons"] * DAYS))


def ratio(found: dict[str, Any], slow: str, fast: str, clock: str) -> float:
    """Median over rounds of the ratio of times per person-day."""
    pairs = zip(found[slow], found[fast], strict=True)
    return median(speed(a, clock) / speed(b, clock) for a, b in pairs)


def contenders(found: dict[str, Any]) -> tuple[list[str], bool]:
    """The main table, and whether all counts agree."""
    lines = [
        "| contender | threads | CPU ns a person-day | million person-days a second | "
        "imports and compiling s | before the first day s | peak MiB (libraries) | "
        "largest deviation sd | agrees |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    good = True
    for key, rounds in found.items():
        name, threads = key.split()
        persons = rounds[0]["persons"]
        mean = np.mean([one["counts"] for one in rounds], 0)
        worst = max(abs(d) for d in deviations(mean, persons, len(rounds)).values())
        ok = agrees(mean, persons, len(rounds))
        good &= ok
        libraries = f" ({rounds[0]['libraries']:,.0f})" if "libraries" in rounds[0] else ""
        ready = f"{median(r['ready'] for r in rounds):.1f}" if "ready" in rounds[0] else ""
        lines.append(
            f"| {TITLES[name]} | {threads} | {1e9 * median(speed(r, 'cpu') for r in rounds):.1f} "
            f"| {1e-6 / median(speed(r, 'wall') for r in rounds):.1f} | {ready} "
            f"| {median(r['before'] for r in rounds):.2f} "
            f"| {max(r['peak'] for r in rounds):,.0f}{libraries} | {worst:.1f} "
            f"| {'yes' if ok else 'NO'} |"
        )
    return lines, good


def ratios(found: dict[str, Any]) -> list[str]:
    """How many times faster the engine is, against the targets."""
    lines = [
        "| engine against | by the wall, 2 threads | by CPU, core for core | target, 2 threads |",
        "|---|---:|---:|---:|",
    ]
    for key, target in TARGETS.items():
        if key in found:
            lines.append(
                f"| {TITLES[key.split()[0]]} | {ratio(found, key, 'engine 2', 'wall'):.2f} "
                f"| {ratio(found, key, 'engine 2', 'cpu'):.2f} | {target:g} |"
            )
    lines.append("")
    lines.append(
        'Against the kernel the target of 0.5 says: twice its time. "Core for core" times '
        "two is what the wall would show if two threads were twice as fast as one."
    )
    return lines


def flat(sizes: dict[int, list[dict[str, Any]]]) -> list[str]:
    """Cost per person-day by number of persons."""
    cost = {n: 1e9 * median(speed(r, "cpu") for r in rounds) for n, rounds in sizes.items()}
    lines = ["| persons | CPU ns a person-day, 1 thread | peak MiB |", "|---:|---:|---:|"]
    for n, rounds in sizes.items():
        lines.append(f"| {n:,} | {cost[n]:.2f} | {max(r['peak'] for r in rounds):,.0f} |")
    lines += ["", f"Largest over smallest: {max(cost.values()) / min(cost.values()):.2f}"
              " (target: at most 1.20)."]  # fmt: skip
    return lines


def memory(found: dict[str, Any], bandwidth: dict[int, float]) -> list[str]:
    """The part of the memory bandwidth that the engine uses."""
    lines = []
    for threads, limit in bandwidth.items():
        rate = 1.0 / median(speed(r, "wall") for r in found[f"engine {threads}"])
        lines.append(
            f"- {threads} thread(s): triad {limit / 1e9:.1f} GB/s; the engine moves at least "
            f"{HOT_BYTES:g} bytes a person-day, {HOT_BYTES * rate / 1e9:.1f} GB/s, "
            f"{100 * HOT_BYTES * rate / limit:.0f} % of it."
        )
    return lines


def flagship_lines(one: dict[str, Any]) -> list[str]:
    """The flagship's run."""
    return [
        f"`python -m benchmarks.flagship`: {one['persons']:,} persons, {one['rules']} rules, "
        f"{one['days']} days, {one['threads']} threads: {one['left']:,.0f} left and had records "
        f"({one['person_days'] / 1e6:,.0f} million person-days, "
        f"{1e9 * one['cpu'] / one['person_days']:.1f} CPU ns each). Loop over days "
        f"{one['wall']:.1f} s by the wall, {one['cpu']:.1f} s of CPU (target: under 20 s); before "
        f"the first day {one['before']:.1f} s; case, libraries and beliefs {one['load']:.1f} s. "
        f"Peak memory of the process {one['peak'] / 1024:.2f} GiB (target: under 4 GiB)."
    ]


def write(
    found: dict[str, Any],
    sizes: dict[int, list[dict[str, Any]]],
    bandwidth: dict[int, float],
    flagship: dict[str, Any] | None,
) -> tuple[str, bool]:
    """The whole text, and whether all counts agree."""
    first = found["engine 2"]
    mesa = found["mesa 1"][0]["persons"] if "mesa 1" in found else 0
    names = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy"))
    rivals = [rounds[0]["version"] for key, rounds in found.items() if "version" in rounds[0]]
    machine = f"Python {platform.python_version()}, {', '.join([names, *rivals])}"
    head = HEAD.format(
        flags=" --rivals" if mesa else "", persons=first[0]["persons"], mesa=mesa, days=DAYS,
        rounds=len(first), machine=machine,
    )  # fmt: skip
    table, good = contenders(found)
    parts = [head, *table, "", "## Ratios", "", *ratios(found), "", "## Cost and numbers", ""]
    parts += [*flat(sizes), "", "## Memory bandwidth", "", *memory(found, bandwidth)]
    if flagship:
        parts += ["", "## Flagship", "", *flagship_lines(flagship)]
    return "\n".join(parts) + "\n", good
