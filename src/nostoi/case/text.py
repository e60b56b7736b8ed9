"""Reading a file of a case without trusting it: size, links, encoding, then text."""

from __future__ import annotations

import re
from pathlib import Path

from nostoi.case.complaints import Complaints

MAX_BYTES = 50 * 2**20
MAX_YAML_BYTES = 256 * 2**10

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufffe\uffff]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(folder: Path, name: str, out: Complaints) -> str | None:
    """The text of `name` inside `folder`, or None with a complaint (none if it is not there)."""
    path = folder / name
    try:
        if not path.exists() and not path.is_symlink():
            return None
        if not path.resolve().is_relative_to(folder.resolve()):
            out.add(152, "the file is a link that leads out of the folder", name)
            return None
        if not path.is_file():
            out.add(148, "this is not a plain file", name)
            return None
        if _too_large(path.stat().st_size, name, out):
            return None
        return _decode(path.read_bytes(), name, out)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "a circle of links"
        out.add(148, f"the file cannot be read ({reason})", name)
        return None


def _too_large(size: int, name: str, out: Complaints) -> bool:
    """Whether a file is over its limit; says so without reading it."""
    limit = MAX_BYTES if name.endswith(".csv") else MAX_YAML_BYTES
    if size <= limit:
        return False
    said = f"the file has {size / 2**20:.1f} MiB; the limit is {limit / 2**20:g} MiB"
    out.add(145, said, name)
    return True


def _decode(data: bytes, name: str, out: Complaints) -> str | None:
    """UTF-8 text without a byte order mark, or None with a complaint."""
    if data.startswith(_WIDE_MARKS):
        out.add(143, "the file is UTF-16, not UTF-8", name, 1)
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        out.add(144, "the file starts with a byte order mark", name, 1)
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        out.add(143, "the file holds bytes that are not UTF-8", name, line)
        return None
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        out.add(146, "the file holds characters that are not text", name, line)
        return None
    return text
