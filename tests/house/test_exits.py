"""Every place that writes a file or prints JSON is known, with what keeps small counts in."""

from __future__ import annotations

import ast
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2] / "src" / "nostoi"
WRITERS = {"write_text", "write_bytes", "to_netcdf", "to_csv", "to_json", "to_parquet", "writer",
           "DictWriter", "savez", "savez_compressed", "save", "savefig", "dump", "dumps",
           "say_json", "copyfile"}  # fmt: skip

GATED = "rows have passed a Gate"
INPUT = "what a case says: aggregates that somebody published"
WORK = "working files of a fit on this machine: draws, no counts of persons"
NO_COUNTS = "counts no persons"
SYNTHETIC = "single synthetic persons and how many of the simulated were like them"

EXITS = {
    "app/commands/cite.py": GATED,
    "app/commands/check.py": INPUT,
    "app/commands/import_.py": INPUT,
    "app/commands/compare.py": GATED,
    "app/commands/design.py": GATED,
    "app/commands/doctor.py": NO_COUNTS,
    "app/commands/explain.py": NO_COUNTS,
    "app/commands/fit.py": NO_COUNTS,
    "app/commands/forecast.py": GATED,
    "app/commands/lives.py": SYNTHETIC,
    "app/commands/new.py": INPUT,
    "app/commands/nowcast.py": NO_COUNTS,
    "app/commands/parity.py": GATED,
    "app/commands/report.py": NO_COUNTS,
    "app/commands/run.py": GATED,
    "app/commands/schema.py": NO_COUNTS,
    "app/commands/score.py": NO_COUNTS,
    "app/commands/space.py": NO_COUNTS,
    "app/folders.py": "camps.csv, through a Gate; folders of cases, which hold input",
    "app/page/guard.py": NO_COUNTS,
    "app/page/shelf.py": GATED,
    "app/screen.py": "prints what the commands above made",
    "base/compiled.py": NO_COUNTS,
    "case/case.py": INPUT,
    "case/flee/to_case.py": INPUT,
    "case/patch.py": INPUT,
    "infer/fit.py": WORK,
    "infer/posterior.py": WORK,
    "infer/store.py": WORK,
    "infer/update.py": WORK,
    "infer/whiten.py": WORK,
    "present/arms.py": GATED,
    "present/export.py": GATED,
    "present/lives_files.py": SYNTHETIC,
    "present/report.py": "tables have passed a Gate; draws only on request, and the files say so",
    "present/run_file.py": GATED,
    "present/scored.py": NO_COUNTS,
    "study/facts.py": "counts through base.withheld",
    "study/levers.py": INPUT,
    "study/worlds.py": "cases of invented worlds, made to be fitted",
}


def opens_to_write(call: ast.Call) -> bool:
    """Whether a call opens a file for writing."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name not in ("open", "fdopen"):
        return False
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    modes = [one.value for one in given if isinstance(one, ast.Constant)]
    return any(isinstance(m, str) and len(m) <= 3 and set(m) & set("wax+") for m in modes)


def calls(path: Path) -> set[str]:
    """Writers that a file calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in WRITERS or opens_to_write(node):
            found.add(name)
    return found


def test_every_exit_is_known() -> None:
    found = {str(p.relative_to(LIBRARY)) for p in LIBRARY.rglob("*.py") if calls(p)}
    assert found == set(EXITS), "say what keeps small counts in, then add the file here"


def test_what_is_released_is_made_by_the_gate_alone() -> None:
    """`Released` comes from a Gate, from `uncounted`, or from parts of both in two known places."""
    makers = {"present/disclosure.py", "present/headline.py", "present/outlook.py"}
    found = {str(p.relative_to(LIBRARY)) for p in LIBRARY.rglob("*.py")
             if "Released(" in p.read_text(encoding="utf-8")}  # fmt: skip
    assert found == makers
    open_gates = [p for p in LIBRARY.rglob("*.py") if "Gate(0" in p.read_text(encoding="utf-8")]
    assert open_gates == [], "rows that count nobody go through `uncounted`"
