"""Pictures of the page: `python docs/screenshots.py FIT [FOLDER] [--all]` looks at a fit.

Needs the test libraries and a Chromium. With `--all` one whole page per view and look
(light, dark, phone).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SHOWN = {"estimate": "light", "map": "dark", "whatif": "light", "evidence": "light"}
"""Pictures of the documentation, by view; without `--all` only these are taken."""

VIEWS = ("estimate", "map", "moves", "returned", "whatif", "evidence", "contradictions", "lives",
         "glossary", "limits")  # fmt: skip


@contextmanager
def served(fit: Path) -> Iterator[str]:
    """Address of a running server for a fit."""
    command = [sys.executable, "-m", "nostoi.app", "serve", str(fit), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as process:  # noqa: S603
        try:
            for line in process.stdout or ():
                found = re.search(r"http://127\S+", line)
                if found:
                    yield found.group()
                    break
        finally:
            process.terminate()


def look(page: Page, view: str) -> None:
    """Open a view; in the what-if view a wave is ordered, so that there is something to see."""
    page.evaluate(f"location.hash = '{view}'")
    page.wait_for_selector(f"main[data-view={view}]")
    if view == "whatif":
        page.select_option("#wave", "ordered")
        page.wait_for_selector(".totals", timeout=60_000)
    if view == "map":
        page.locator("#when").fill("38")
    page.wait_for_timeout(300)


def wanted(view: str, name: str, everything: bool) -> bool:
    """Whether a picture is to be taken."""
    return everything or SHOWN.get(view) == name or (view, name) == ("whatif", "phone")


def main(fit: Path, folder: Path, everything: bool) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    looks = {"light": (1180, 800), "dark": (1180, 800), "phone": (390, 844)}
    with served(fit) as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, (width, height) in looks.items():
            scheme = "dark" if name == "dark" else "light"
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.on("console", lambda m: sys.stderr.write(f"{m.type}: {m.text}\n"))
            page.on("pageerror", lambda e: sys.stderr.write(f"error: {e}\n"))
            page.goto(address)
            page.wait_for_selector("main[data-view]")
            for view in VIEWS:
                if wanted(view, name, everything):
                    look(page, view)
                    page.screenshot(path=folder / f"{view}-{name}.png", full_page=everything)
            page.close()
        browser.close()


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--all"]
    where = Path(words[1]) if len(words) > 1 else DOCS / "img"
    main(Path(words[0]), where, everything="--all" in sys.argv)
