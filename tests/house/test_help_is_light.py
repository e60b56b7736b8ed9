"""Asking for help must not load the heavy libraries, which take seconds on a small machine."""

import subprocess
import sys

import pytest

from nostoi.app.cli import COMMANDS

HEAVY = ("jax", "numba", "pandas", "xarray", "scipy", "altair")
PROBE = f"""
import sys
from nostoi.app.cli import main
sys.argv = ["nostoi", *sys.argv[1:]]
code = 0
try:
    code = main()
except SystemExit as end:
    code = end.code
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.stderr.write("loaded: " + " ".join(loaded))
raise SystemExit(code)
"""


ASKED = [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    """Help of the shell and of every command, and the version, answer without JAX or pandas."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()
    assert done.stderr.endswith("loaded: ")


@pytest.mark.parametrize("module", ["nostoi.study.design", "nostoi.app.commands.design"])
def test_what_only_reads_draws_does_not_load_jax(module: str) -> None:
    """A design reads the draws of a fit with NumPy: it need not wait for a compiler."""
    words = f"import sys, {module}; raise SystemExit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
