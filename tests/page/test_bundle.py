"""The built page is that of the sources, small, and asks nobody but its own server."""

from __future__ import annotations

import gzip
import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "nostoi" / "app" / "page" / "static"
MOST = 1_500_000


def test_the_bundle_is_built_from_these_sources() -> None:
    spec = importlib.util.spec_from_file_location("stamp", ROOT / "web" / "stamp.py")
    assert spec is not None
    assert spec.loader is not None
    stamp = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stamp)
    said = (STATIC / "sources.sha256").read_text(encoding="utf-8").strip()
    assert said == stamp.fingerprint(), "the sources changed: run `npm run build` in web/"


def test_the_bundle_is_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST


def test_the_bundle_names_no_other_server() -> None:
    known = ("http://www.w3.org/", "http://127.0.0.1")
    for path in STATIC.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            found = [u for u in re.findall(r"https?://[\w.-]+/?", text) if not u.startswith(known)]
            assert not found, path.name
            assert "eval(" not in text
            assert "new Function" not in text
