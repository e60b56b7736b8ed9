"""Environments for the toolkits that others would use, made when asked, outside the repository."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

WANTED = {"mesa": "mesa>=3,<4", "starsim": "starsim>=3,<4"}


def python_of(name: str) -> Path:
    """Python of a rival's environment; made and filled from PyPI if it is not there."""
    folder = Path(tempfile.gettempdir()) / "nostoi-rivals" / name
    python = folder / "bin" / "python"
    stamp = folder / "ready"
    if not stamp.exists():
        print(f"making an environment for {name} in {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", WANTED[name]]
        subprocess.run(install, check=True)
        stamp.touch()
    return python
