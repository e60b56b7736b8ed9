"""The page under load: `python -m benchmarks.page FIT [--seconds 60]` writes benchmarks/page.md.

Serves a fit in a process of its own. Measures what-ifs one after another (warm, all different),
then twenty readers at once for a minute, and the first paint in a Chromium if there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

TABLE = Path(__file__).with_suffix(".md")
READERS, ONE_BY_ONE, DRAWS = 20, 40, 200
CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def served(fit: Path) -> Iterator[tuple[str, int]]:
    """Address of a running server, and its process number."""
    command = [sys.executable, "-m", "nostoi.app", "serve", str(fit), "--no-browser",
               "--draws", str(DRAWS)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        try:
            for line in process.stdout or ():
                found = re.search(r"http://127\S+", line)
                if found:
                    yield found.group(), process.pid
                    break
        finally:
            process.terminate()


def resident(pid: int) -> float:
    """Resident memory of a process, MiB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def setting(levers: dict[str, Any], k: int) -> dict[str, Any]:
    """The k-th setting; all differ."""
    return {
        "since": levers["since"],
        "risk": round(-1 + (k % 2000) / 1000, 3),
        "wave": ("none", "ordered", "rumoured")[k % 3],
        "exit_ban": round((k % 19) * 0.05, 2),
    }


async def one_by_one(client: httpx.AsyncClient, levers: dict[str, Any]) -> list[float]:
    """Seconds of single what-ifs."""
    found = []
    for k in range(ONE_BY_ONE + 2):
        start = time.monotonic()
        answer = await client.post("/api/what-if", json=setting(levers, k))
        answer.raise_for_status()
        found.append(time.monotonic() - start)
    return found[2:]


async def together(
    client: httpx.AsyncClient, levers: dict[str, Any], seconds: float, pid: int
) -> dict[str, Any]:
    """Readers who ask again as soon as they are answered."""
    end, memory = time.monotonic() + seconds, [resident(pid)]
    took: list[float] = []
    errors: list[str] = []
    asked = 0

    async def reader(number: int) -> None:
        nonlocal asked
        k = 10_000 + number
        while time.monotonic() < end:
            asked, k, start = asked + 1, k + READERS, time.monotonic()
            answer = await client.post("/api/what-if", json=setting(levers, k))
            if answer.status_code != 200 or not answer.json()["ok"]:
                errors.append(f"{answer.status_code}")
            took.append(time.monotonic() - start)

    async def watch() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(1)
            memory.append(resident(pid))

    await asyncio.gather(watch(), *(reader(k) for k in range(READERS)))
    third = max(1, len(memory) // 3)
    return {"asked": asked, "answered": len(took), "errors": len(errors),
            "first": statistics.mean(memory[:third]), "last": statistics.mean(memory[-third:]),
            "longest": max(took)}  # fmt: skip


def first_paint(address: str) -> float | None:
    """Milliseconds to the first contentful paint of the page; None without a browser."""
    if not CHROMIUM.exists():
        return None
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("main[data-view=estimate]")
        page.reload()
        page.wait_for_selector("main[data-view=estimate]")
        entry = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        found = float(page.evaluate(entry))
        browser.close()
    return found


async def measure(address: str, pid: int, seconds: float) -> tuple[list[float], dict[str, Any]]:
    """Both loads."""
    root = address.split("/?", maxsplit=1)[0]
    async with httpx.AsyncClient(base_url=root, timeout=300, follow_redirects=True) as client:
        (await client.get(address.removeprefix(root))).raise_for_status()
        levers = (await client.get("/api/levers")).json()
        single = await one_by_one(client, levers)
        return single, await together(client, levers, seconds, pid)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    with served(given.fit) as (address, pid):
        paint = first_paint(address)
        single, load = asyncio.run(measure(address, pid, given.seconds))
    ordered = sorted(single)
    shown = "no Chromium here" if paint is None else f"{paint / 1000:.2f} s"
    late = ordered[int(0.95 * len(ordered))]
    both = f"{load['asked']}, {load['answered']}"
    memory = f"{load['first']:.0f}, {load['last']:.0f} MiB"
    text = f"""# The page under load

Written by `python -m benchmarks.page FIT`; {platform.machine()}, Python
{platform.python_version()}, {time.strftime("%Y-%m-%d")}. Every what-if plays {DRAWS} draws and
differs from all others.

| what | limit | measured |
|---|---|---|
| a what-if, warm, one reader: median of {len(single)} | 1 s | {statistics.median(single):.2f} s |
| the same, 95 % are faster than | 2 s | {late:.2f} s |
| first contentful paint on the loopback | 1 s | {shown} |
| {READERS} readers at once, {given.seconds:.0f} s: asked, answered | equal | {both} |
| errors among them | 0 | {load["errors"]} |
| the longest wait of one of them | | {load["longest"]:.0f} s |
| memory in the first and the last third of that time | flat | {memory} |
"""
    TABLE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
