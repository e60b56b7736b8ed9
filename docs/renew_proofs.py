"""Writes docs/proofs.md and its pages' places: `python docs/renew_proofs.py`.

Each page of `verification/` and `benchmarks/` gets a small page that includes it.
"""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
HEAD = """# What was held against what

Each of these pages was written by the script of the same name in `verification/` or `benchmarks/`;
nobody types figures into them. Run the script to write its page anew.

```{toctree}
:maxdepth: 1
"""


def main() -> None:
    """Write all of them; pages whose script is gone are removed."""
    folder = DOCS / "proofs"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    found = [
        *sorted((ROOT / "verification").glob("*.md")),
        *sorted((ROOT / "benchmarks").glob("*.md")),
    ]
    for path in found:
        text = f"```{{include}} ../../{path.parent.name}/{path.name}\n```\n"
        (folder / path.name).write_text(text, encoding="utf-8")
    names = "\n".join(f"proofs/{path.stem}" for path in found)
    (DOCS / "proofs.md").write_text(f"{HEAD}{names}\n```\n", encoding="utf-8")


if __name__ == "__main__":
    main()
