"""The set-up script: its decisions, with no network and no real environment."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("py311.txt", "py311-test.txt")


def load(path: Path) -> ModuleType:
    """Import a script by its path."""
    spec = importlib.util.spec_from_file_location(path.stem + "_script", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py, turned on an empty project folder; every program it calls succeeds at once."""
    script = load(ROOT / "run.py")
    (tmp_path / "requirements").mkdir()
    for name in LISTS:
        (tmp_path / "requirements" / name).write_text("toy==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    places = {
        "ROOT": "",
        "VENV": ".venv",
        "WHEELHOUSE": "wheelhouse",
        "REQUIREMENTS": "requirements",
    }
    for constant, place in places.items():
        monkeypatch.setattr(script, constant, tmp_path / place)
    for setting in script.MIRROR_SETTINGS:
        monkeypatch.delenv(setting, raising=False)
    monkeypatch.setattr(script, "calls", [], raising=False)
    monkeypatch.setattr(script, "call", lambda *words: script.calls.append(words) or 0)
    monkeypatch.setattr(script, "has_pip", lambda _: True)
    monkeypatch.setattr(script.shutil, "which", lambda _: None)
    return script


def pretend_venv(run: ModuleType) -> None:
    """A file where .venv's Python would be."""
    python = run.venv_program("python")
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()


def words(run: ModuleType) -> list[str]:
    """All calls made, each as one line."""
    return [" ".join(map(str, call)) for call in run.calls]


@pytest.mark.parametrize(("version", "old"), [((3, 10), True), ((3, 11), False), ((4, 0), False)])
def test_too_old(run: ModuleType, version: tuple[int, int], old: bool) -> None:
    """3.11 is the oldest that serves."""
    assert run.too_old(version) is old


def test_old_python_gets_a_remedy_and_code_2(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plain message that names a newer Python if there is one; no traceback."""
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    assert run.main(["demo"]) == 2
    assert "needs Python 3.11 or later; this is 3.9" in capsys.readouterr().out
    monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "python3.12" else None)
    assert run.main(["demo"]) == 2
    assert "python3.12 run.py" in capsys.readouterr().out
    assert run.calls == []


def test_pinned_lists_are_for_one_python_on_two_systems(run: ModuleType) -> None:
    """Elsewhere the ranges of pyproject.toml are taken."""
    assert run.pinned_file("run", (3, 11), "linux").name == "py311.txt"
    assert run.pinned_file("test", (3, 11), "darwin").name == "py311-test.txt"
    assert run.pinned_file("run", (3, 12), "linux") is None
    assert run.pinned_file("run", (3, 11), "win32") is None


def test_second_call_skips_the_set_up(run: ModuleType) -> None:
    """A stamp stands for a finished set-up; any changed requirement makes it stale."""
    pretend_venv(run)
    assert not run.is_ready("run")
    run.set_up("run")
    assert run.is_ready("run")
    assert not run.is_ready("test")
    done = len(run.calls)
    assert words(run)[-1].endswith("-m nostoi.engine.fused")
    run.set_up("run")
    assert len(run.calls) == done
    (run.REQUIREMENTS / "py311.txt").write_text("toy==2\n")
    assert not run.is_ready("run")


def test_set_up_for_tests_serves_a_run(run: ModuleType) -> None:
    """The longer list holds the shorter one."""
    pretend_venv(run)
    run.set_up("test")
    assert run.is_ready("run")


def test_failed_install_leaves_no_stamp(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a network: a message with remedies, code 2, and the next call tries again."""
    pretend_venv(run)
    monkeypatch.setattr(run, "call", lambda *call: int("install" in call))
    assert run.main(["demo"]) == 2
    assert "run.py bundle" in capsys.readouterr().out
    assert not run.is_ready("run")


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the pinned lists are for Python 3.11")
@pytest.mark.skipif(sys.platform == "win32", reason="the pinned lists are for Linux and macOS")
def test_install_checks_hashes(run: ModuleType) -> None:
    """Libraries by hash; then the project itself, with nothing fetched for it."""
    run.install("run")
    libraries, project = words(run)
    assert "--require-hashes" in libraries
    assert libraries.endswith("py311.txt")
    assert "--no-deps --no-build-isolation --editable ." in project


def test_wheelhouse_replaces_the_network(run: ModuleType) -> None:
    """A bundle next to run.py is used, and nothing else."""
    run.WHEELHOUSE.mkdir()
    run.install("run")
    assert all(f"--no-index --find-links {run.WHEELHOUSE}" in line for line in words(run))


def test_uv_only_without_a_mirror(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program uv is used when on the PATH, unless pip was told of a mirror."""
    monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "uv" else None)
    assert run.installer()[0] == "uv"
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert run.installer()[0] != "uv"


def test_environment_without_pip_is_filled_from_outside(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian without python3-venv: the system's pip is turned on .venv."""
    monkeypatch.setattr(run, "has_pip", lambda python: python == sys.executable)
    inside = str(run.venv_program("python"))
    assert [str(word) for word in run.pip_command()] == [
        sys.executable, "-m", "pip", "--python", inside,
    ]  # fmt: skip
    monkeypatch.setattr(run, "has_pip", lambda _: False)
    with pytest.raises(run.SetUpError, match="apt install"):
        run.pip_command()


def test_broken_venv_module_falls_back(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """When `venv` fails it is tried once more without pip."""
    failed: subprocess.CompletedProcess[bytes] = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: failed)
    run.make_venv()
    assert "--without-pip" in words(run)[-1]


def test_demo_fits_and_reports(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Extra words reach the fit, and the page's path is told."""
    pretend_venv(run)
    run.set_up("run")
    run.calls.clear()
    page = run.ROOT / "runs" / "demo-quick" / "report" / "index.html"
    page.parent.mkdir(parents=True)
    page.touch()
    assert run.main(["demo", "--", "--quick"]) == 0
    (fit,) = words(run)
    assert fit.endswith(str(Path("cases/russia-2022")) + f" -o {Path('runs/demo-quick')} --quick")
    assert str(page) in capsys.readouterr().out


def test_checks_all_run_and_failures_are_named(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failing check does not hide the others."""
    monkeypatch.setattr(run, "set_up", lambda _: None)
    asked: list[str] = []

    def call(*command: str | Path) -> int:
        line = " ".join(map(str, command))
        asked.append(line)
        return int("mypy" in line)

    monkeypatch.setattr(run, "call", call)
    assert run.main(["test", "-k", "nile"]) == 1
    assert len(asked) == 4
    assert asked[-1].endswith("-m pytest -n 2 --dist loadfile -k nile")
    assert "Failed so far: mypy\n" in capsys.readouterr().out


@pytest.mark.parametrize(("given", "code"), [([], 2), (["dmo"], 2), (["--help"], 0)])
def test_unknown_job_shows_the_jobs(
    run: ModuleType, given: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is set up for a word that is no job."""
    assert run.main(given) == code
    assert "python3 run.py demo" in capsys.readouterr().out
    assert run.calls == []


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_pinned_hashed_and_name_no_host(name: str) -> None:
    """Every library has one version and at least one hash; there are no options in the list."""
    lines = (ROOT / "requirements" / name).read_text().splitlines()[1:]
    pins = [line for line in lines if not line.startswith(" ")]
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert all(line.strip().startswith("--hash=sha256:") for line in lines if line not in pins)
    assert "://" not in "".join(lines)


def test_lists_agree_with_each_other_and_with_pyproject() -> None:
    """A run's libraries are in both lists at the same versions, and every need has a pin."""
    renew = load(ROOT / "requirements" / "renew.py")
    shorter, longer = (
        {line.split(" ")[0] for line in (ROOT / "requirements" / name).read_text().splitlines()
         if "==" in line}
        for name in LISTS
    )  # fmt: skip
    assert shorter <= longer
    for needs, pins in zip(renew.wanted(ROOT / "pyproject.toml"), (shorter, longer), strict=True):
        pinned = {pin.split("==")[0] for pin in pins}
        plain = {n.split(">")[0].split("[")[0].lower().replace("_", "-") for n in needs}
        assert plain <= pinned


def test_clean_list_keeps_pins_and_drops_options() -> None:
    """Index hosts and local paths cannot enter a committed list."""
    renew = load(ROOT / "requirements" / "renew.py")
    given = "# a comment\n--index-url x\n\ntoy==1 \\\n    --hash=sha256:00\n"
    assert renew.clean(given) == renew.HEAD + "toy==1 \\\n    --hash=sha256:00\n"
