"""Writing a folder as a whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nostoi.base.errors import Finding, NostoiError


def refuse_existing(target: Path) -> None:
    """Raise N801 if there is anything at this path."""
    if target.exists() or target.is_symlink():
        do = "choose another name, or remove the folder first"
        raise NostoiError(Finding(801, "the folder exists", file=str(target), do=do))


def write_folder(target: Path, files: Mapping[str, str]) -> None:
    """Make a folder with these texts; nothing is left behind if that fails.

    Raises:
        NostoiError: N801 if the folder exists, N803 if it cannot be written.
    """
    refuse_existing(target)
    part: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        for name, text in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        part.chmod(0o755)
        part.rename(target)
    except OSError as error:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        what = f"the folder cannot be written ({error.strerror})"
        do = "choose a place that exists and may be written to"
        raise NostoiError(Finding(803, what, file=str(target), do=do)) from None
