"""Writes the fingerprint of the sources beside the built page: `npm run build` calls this."""

from __future__ import annotations

import hashlib
from pathlib import Path

WEB = Path(__file__).resolve().parent
STAMP = WEB.parent / "src" / "nostoi" / "app" / "page" / "static" / "sources.sha256"
SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.js")


def fingerprint() -> str:
    """SHA-256 over names and bytes of all sources of the page, in the order of their names."""
    names = [WEB / name for name in SOURCES]
    names += [path for folder in ("src", "public") for path in (WEB / folder).rglob("*")]
    digest = hashlib.sha256()
    for path in sorted(p for p in names if p.is_file()):
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    STAMP.write_text(fingerprint() + "\n", encoding="utf-8")
