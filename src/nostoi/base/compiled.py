"""Modules from text, compiled by Numba once per machine.

Numba keeps compiled code beside the file that it comes from, and looks only at that file's date.
A text is therefore written into the cache folder under a name that its content gives. What
cannot be written there is compiled afresh in every process.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from nostoi.base.numerics import cache_folder


@lru_cache(maxsize=16)
def module_of(text: str, shelf: str) -> ModuleType:
    """The module of a text; compiled once per machine where `shelf` can be kept."""
    name = f"kernels_{hashlib.sha256(text.encode()).hexdigest()[:20]}"
    path = _written(cache_folder() / shelf, name, text)
    spec = importlib.util.spec_from_file_location(f"nostoi_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where Numba looks when it reads compiled code back
    spec.loader.exec_module(module)
    return module


def _written(folder: Path, name: str, text: str) -> Path:
    """The file that holds the text; an existing one is kept, so that its compiled code stays."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _place(folder / f"{name}.py", text)
    except OSError:
        return _place(Path(tempfile.mkdtemp()) / f"{name}.py", text)


def _place(path: Path, text: str) -> Path:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    return path
