"""A folder of results that is there whole or not at all, and replaces only one of its own kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nostoi.base.errors import Finding, NostoiError


@contextmanager
def whole_folder(out: Path, marker: str) -> Iterator[Path]:
    """A temporary folder that becomes `out` when all went well, and vanishes when not.

    Args:
        out: the folder to write; an earlier one that holds `marker` is replaced.
        marker: name of the file that tells results of this kind from anything else.

    Raises:
        NostoiError: N704 when `out` holds something else; N803 when it cannot be written.
    """
    taken = out.exists() and not (out.is_dir() and not any(out.iterdir()))
    if taken and not (out / marker).is_file():
        do = "give another folder with -o, or move this one away"
        raise NostoiError(
            Finding(704, f"{out.name} exists and holds no {marker}", file=str(out), do=do)
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        what = f"the folder cannot be written ({error.strerror})"
        raise NostoiError(Finding(803, what, file=str(out), do="choose another -o")) from error
    try:
        yield made
        made.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        os.replace(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
