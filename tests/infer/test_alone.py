"""A script that uses the package gets the numbers of the commands, whatever it imports first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STARTER = Path(__file__).parents[2] / "src" / "nostoi" / "app" / "starter"
SCRIPT = """
import hashlib
import sys
import jax
if sys.argv[2] == "as a command":
    from nostoi.base.numerics import prepare
    prepare()
from nostoi.case.load import load
from nostoi.infer.runs import Order, run_case
found = run_case(load(sys.argv[1]), Order(engine=sys.argv[3], people=500))
belief = found["belief"].values
assert 0.0 <= belief.min() and belief.max() <= 1.0, (belief.min(), belief.max())
for name in sorted(found.data_vars):
    print(name, hashlib.sha256(found[name].values.tobytes()).hexdigest())
"""


@pytest.mark.parametrize("engine", ["agents", "cohorts"])
def test_a_script_gets_what_the_commands_get(engine: str) -> None:
    """Loops of 8 bytes once read numbers of 4 where a script had not asked for 8."""
    said = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT, str(STARTER), how, engine],
            capture_output=True, text=True, check=False,
        )
        for how in ("as a command", "alone")
    ]  # fmt: skip
    assert [one.returncode for one in said] == [0, 0], said[0].stderr + said[1].stderr
    assert said[0].stdout == said[1].stdout
    assert "belief" in said[0].stdout
