"""Set up Nostoi and use it, with nothing but Python 3.11 or later.

    python3 run.py demo [--quick]        set up, fit the Russia 2022 case, write the report
    python3 run.py test [pytest args]    set up, then every check of the house
    python3 run.py bundle                fetch all libraries into wheelhouse/, for offices offline
    python3 run.py lock                  renew requirements/ from pyproject.toml (for maintainers)

The libraries go into .venv next to this file and nowhere else. A second call skips the set-up.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WHEELHOUSE = ROOT / "wheelhouse"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)
PINNED = (3, 11)
SIZE = {
    "run": "about 200 MB to download, 900 MB on disk",
    "test": "about 250 MB to download, 1.1 GB on disk",
}
MIRROR_SETTINGS = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_NO_INDEX",
    "PIP_CONFIG_FILE",
)
SHARED_OUT = ("-n", "2", "--dist", "loadfile")
"""The tests on two cores, all of a file on one; `-n 0` behind it takes one for all."""
NO_NETWORK = """\
The libraries could not be installed (see the lines above).
  Is the network down, or closed to package downloads?
    - behind an office mirror: set PIP_INDEX_URL (and PIP_CERT) as your office says, then repeat;
    - no network at all: run `python3 run.py bundle` on a computer that has one (same system,
      same Python), copy the folder wheelhouse/ to this folder, then repeat."""


class SetUpError(Exception):
    """A set-up problem, told to the person in plain words; ends the run with code 2."""


def say(text: str) -> None:
    """Print one line at once, also when the output goes to a file."""
    print(text, flush=True)


def call(*command: str | Path) -> int:
    """Run a program in the project folder with no stdin; return its exit code."""
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def too_old(version: tuple[int, ...]) -> bool:
    """Whether a Python version, as (major, minor), is older than Nostoi needs."""
    return version < OLDEST


def newer_python() -> str:
    """Name of a recent enough Python on the PATH, or an empty string."""
    names = (f"python3.{minor}" for minor in range(OLDEST[1], OLDEST[1] + 6))
    return next((name for name in names if shutil.which(name)), "")


def check_python(version: tuple[int, ...]) -> None:
    """Stop with a remedy when this Python is too old."""
    if too_old(version):
        found = newer_python()
        remedy = f"run: {found} run.py" if found else "install Python 3.11 or later"
        given = ".".join(map(str, version))
        raise SetUpError(f"Nostoi needs Python 3.11 or later; this is {given}.\n  {remedy}")


def venv_program(name: str) -> Path:
    """Path of a program inside .venv on this system."""
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def pinned_file(kind: str, version: tuple[int, ...], platform: str) -> Path | None:
    """The hash-pinned list for `kind` (run or test), or None where none was made.

    The lists hold what Linux and macOS need on one Python version.
    """
    if version != PINNED or platform not in ("linux", "darwin"):
        return None
    name = "py311.txt" if kind == "run" else "py311-test.txt"
    return REQUIREMENTS / name


def fingerprint(kind: str) -> str:
    """Hash of all that decides what gets installed; unchanged means nothing to do."""
    digest = hashlib.sha256(f"{kind} {sys.version} {ROOT}".encode())
    for path in (*sorted(REQUIREMENTS.glob("*.txt")), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(kind: str) -> Path:
    """File that holds the fingerprint of the last complete set-up of this kind."""
    return VENV / f"nostoi-{kind}.stamp"


def is_ready(kind: str) -> bool:
    """Whether .venv already holds this kind (a set-up for tests also serves a run)."""
    if not venv_program("python").exists():
        return False
    kinds = ("run", "test") if kind == "run" else ("test",)
    return any(stamp(k).exists() and stamp(k).read_text() == fingerprint(k) for k in kinds)


def make_venv() -> None:
    """Make .venv; where Debian's python3-venv is missing, make it without pip."""
    if venv_program("python").exists() and call(venv_program("python"), "-c", "") == 0:
        return
    say(f"Making {VENV.name} ...")
    quiet = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    if quiet.returncode and call(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
        raise SetUpError(
            "This Python cannot make a virtual environment.\n"
            "  Debian and Ubuntu: apt install python3-venv"
        )


def has_pip(python: str | Path) -> bool:
    """Whether `python -m pip` works."""
    done = subprocess.run(
        [str(python), "-m", "pip", "--version"],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return done.returncode == 0


def pip_command() -> list[str | Path]:
    """The pip of .venv, or this Python's own pip turned on .venv."""
    inside = venv_program("python")
    if has_pip(inside):
        return [inside, "-m", "pip"]
    if has_pip(sys.executable):
        return [sys.executable, "-m", "pip", "--python", inside]
    raise SetUpError("No pip was found.\n  Debian and Ubuntu: apt install python3-venv python3-pip")


def installer() -> list[str | Path]:
    """The install command: uv if it is on the PATH and no pip mirror is set, else pip."""
    uv = shutil.which("uv")
    if uv and not WHEELHOUSE.is_dir() and not any(map(os.environ.get, MIRROR_SETTINGS)):
        return [uv, "pip", "install", "--python", venv_program("python")]
    command = [*pip_command(), "install", "--no-input", "--disable-pip-version-check"]
    if WHEELHOUSE.is_dir():
        say(f"Using the libraries in {WHEELHOUSE.name}/; the network is not used.")
        command += ["--no-index", "--find-links", WHEELHOUSE]
    return command


def install(kind: str) -> None:
    """Install the libraries and the project itself into .venv."""
    pinned = pinned_file(kind, sys.version_info[:2], sys.platform)
    command = installer()
    if pinned:
        project: list[str | Path] = ["--no-deps", "--no-build-isolation", "--editable", "."]
        steps = [[*command, "--require-hashes", "-r", pinned], [*command, *project]]
    else:
        say("No pinned list for this Python and system: taking what pyproject.toml allows.")
        steps = [[*command, "--editable", "." if kind == "run" else ".[test]"]]
    for step in steps:
        if call(*step):
            raise SetUpError(NO_NETWORK)


def get_browser() -> None:
    """Install Debian's Chromium for the tests of the page where that needs no question."""
    if shutil.which("chromium") or sys.platform != "linux":
        return
    got = os.geteuid() == 0 and shutil.which("apt-get") and not call("apt-get", "-qq", "update")
    if not got or call("apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"):
        say("No Chromium (apt install chromium): the tests in a browser will be skipped.")


def set_up(kind: str) -> None:
    """Make .venv ready for `kind` (run or test); does nothing when it is."""
    if is_ready(kind):
        return
    say(f"Setting up, once: {SIZE[kind]}.")
    make_venv()
    install(kind)
    if kind == "test":
        get_browser()
    say("Compiling the loops of the model, once ...")
    call(venv_program("python"), "-m", "nostoi.engine.fused")
    stamp(kind).write_text(fingerprint(kind))
    say("Set-up done.")


def demo(extra: list[str]) -> int:
    """Fit the flagship case and write its report; extra words go to `nostoi fit`."""
    set_up("run")
    name = "demo-quick" if "--quick" in extra else "demo"
    folder, case = Path("runs") / name, Path("cases") / "russia-2022"
    code = call(venv_program("nostoi"), "fit", case, "-o", folder, *extra)
    if code == 0:
        report = ROOT / folder / "report"
        pages = sorted(report.glob("*.html"))
        say(f"\nOpen this page in a browser: {pages[0] if pages else report}")
    return code


def test(extra: list[str]) -> int:
    """Run lint, types, floors and tests; extra words go to pytest."""
    set_up("test")
    checks: dict[str, list[str | Path]] = {
        "ruff": [venv_program("ruff"), "check", "."],
        "mypy": [venv_program("mypy")],
        "lint-imports": [venv_program("lint-imports")],
    }
    failed = []
    for name, command in checks.items():
        say(f"\n== {name}")
        if call(*command):
            failed.append(name)
    # Told before pytest, so that pytest's closing line is always the last line.
    say(f"\nFailed so far: {', '.join(failed) or 'nothing'}\n\n== pytest")
    tested = call(venv_program("python"), "-m", "pytest", *SHARED_OUT, *extra)
    return 1 if failed or tested else 0


def bundle(extra: list[str]) -> int:
    """Fetch every library for this system and Python into wheelhouse/."""
    pinned = pinned_file("test", sys.version_info[:2], sys.platform)
    if pinned is None:
        raise SetUpError("A bundle needs Python 3.11 on Linux or macOS.")
    make_venv()
    say(f"Fetching {SIZE['test'].split(',', maxsplit=1)[0]} into {WHEELHOUSE.name}/ ...")
    command = [
        *pip_command(),
        "download",
        "--no-input",
        "--only-binary",
        ":all:",
        "--require-hashes",
        "-r",
        pinned,
        "--dest",
        WHEELHOUSE,
        *extra,
    ]
    if call(*command):
        raise SetUpError(NO_NETWORK)
    say(f"Copy {WHEELHOUSE.name}/ next to run.py on the other computer.")
    return 0


def lock(extra: list[str]) -> int:
    """Renew the hash-pinned lists from pyproject.toml (needs pip-tools in .venv)."""
    if not venv_program("pip-compile").exists():
        raise SetUpError(
            "lock needs pip-tools in .venv.\n  do: .venv/bin/python -m pip install pip-tools"
        )
    return call(venv_program("python"), REQUIREMENTS / "renew.py", *extra)


JOBS = {"demo": demo, "test": test, "bundle": bundle, "lock": lock}


def main(words: list[str]) -> int:
    """Run one job; returns the exit code (2 = set-up problem or unknown job)."""
    if not words or words[0] not in JOBS:
        say(__doc__ or "")
        return 0 if words and words[0] in ("-h", "--help") else 2
    extra = words[1:]
    if extra[:1] == ["--"]:
        extra = extra[1:]
    try:
        check_python(sys.version_info[:2])
        return JOBS[words[0]](extra)
    except SetUpError as problem:
        say(f"\n{problem}")
        return 2
    except KeyboardInterrupt:
        say("\nStopped; the same command goes on from here.")
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
