"""Files that nobody should trust: sizes, pipes, links, random bytes, records of persons."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nostoi.base.errors import NostoiError
from nostoi.case.check import check
from nostoi.case.load import load
from nostoi.case.privacy import rows_with_personal_values

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
FILES = sorted(str(p.relative_to(SMALL)) for p in SMALL.rglob("*") if p.is_file())
TABLES = [name for name in FILES if name.endswith(".csv")]
LENIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ODD = st.sampled_from(
    ["", "NaN", "-inf", "1e999", "1,000", "²", "٣", "0x10", "2030-02-30", "9999-12-31", "=1+1",
     "'", '"', "\\", "a" * 200, "💧", "-1", "1e-320", "O1", "AAA", "yes", "null", "12m",
     ";", "KAZ;"]
)  # fmt: skip


def survives(folder: Path) -> None:
    """Loading gives a case or complaints, and nothing else."""
    try:
        load(folder)
    except NostoiError as error:
        assert error.findings
        assert "Traceback" not in str(error)


@LENIENT
@given(name=st.sampled_from(FILES), data=st.binary(max_size=400))
def test_random_bytes_never_raise_anything_else(name: str, data: bytes, small: Path) -> None:
    shutil.copytree(SMALL, small, dirs_exist_ok=True)
    (small / name).write_bytes(data)
    survives(small)


@LENIENT
@given(name=st.sampled_from(FILES), at=st.floats(0, 1), n=st.integers(0, 40), data=st.binary())
def test_a_broken_spot_never_raises_anything_else(
    name: str, at: float, n: int, data: bytes, small: Path
) -> None:
    shutil.copytree(SMALL, small, dirs_exist_ok=True)
    whole = (SMALL / name).read_bytes()
    k = int(at * len(whole))
    (small / name).write_bytes(whole[:k] + data + whole[k + n :])
    survives(small)


@LENIENT
@given(
    name=st.sampled_from(TABLES),
    row=st.integers(0, 8),
    column=st.integers(0, 24),
    text=ODD | st.text(max_size=12),
)
def test_a_changed_cell_never_raises_anything_else(
    name: str, row: int, column: int, text: str, small: Path
) -> None:
    shutil.copytree(SMALL, small, dirs_exist_ok=True)
    lines = (SMALL / name).read_text(encoding="utf-8").splitlines()
    cells = lines[row % len(lines)].split(",")
    cells[column % len(cells)] = text.encode("utf-8", "replace").decode()
    lines[row % len(lines)] = ",".join(cells)
    (small / name).write_text("\n".join(lines), encoding="utf-8")
    survives(small)


@LENIENT
@given(key=st.sampled_from(["start", "end", "clock", "phases", "rules", "nostoi", "seed", "name"]),
       value=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                          lambda inner: st.lists(inner, max_size=3), max_leaves=5))  # fmt: skip
def test_a_changed_key_never_raises_anything_else(key: str, value: object, small: Path) -> None:
    text = (SMALL / "case.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(key + ":")]
    shown = repr(value).encode("utf-8", "replace").decode()
    (small / "case.yaml").write_text("\n".join([*lines, f"{key}: {shown}"]), encoding="utf-8")
    survives(small)


def test_200_megabytes_are_refused_at_once(small: Path) -> None:
    os.truncate(small / "evidence" / "observations.csv", 200_000_000)
    before = time.perf_counter()
    report = check(small)
    assert time.perf_counter() - before < 1.0
    assert 145 in {f.number for f in report.findings}


def test_a_pipe_does_not_hang(small: Path) -> None:
    (small / "params.yaml").unlink()
    os.mkfifo(small / "params.yaml")
    assert [f.number for f in check(small).findings] == [148]


def test_a_circle_of_links_is_refused(small: Path) -> None:
    (small / "params.yaml").unlink()
    (small / "params.yaml").symlink_to("params.yaml")
    assert 148 in {f.number for f in check(small).findings}


def test_a_missing_folder_is_one_complaint(tmp_path: Path) -> None:
    with pytest.raises(NostoiError) as refused:
        load(tmp_path / "nowhere")
    assert [f.number for f in refused.value.findings] == [100]


def test_records_of_persons_are_never_repeated(small: Path) -> None:
    table = "id,surname,passport,age\n1,Secretov,4510 123456,x\n2,Hidden,4510 123457,y\n"
    (small / "evidence" / "observations.csv").write_text(table, encoding="utf-8")
    said = "\n".join(f.text() for f in check(small).findings)
    assert "N901" in said
    for secret in ("Secretov", "Hidden", "4510", "123456"):
        assert secret not in said


@pytest.mark.parametrize(
    "line",
    [
        "someone@example.org",
        "4510 123456",
        "45 10 123456",
        "75 1234567",
        "+7 (912) 345-67-89",
        "89123456789",
        "+995 555 12 34 56",
        "112-233-445 95",
    ],
)
def test_personal_values_are_seen(line: str) -> None:
    assert rows_with_personal_values(f"a,{line},b") == 1


@pytest.mark.parametrize(
    "line",
    [
        "2022-09-21,2022-10-31,8500",
        "https://medium.com/@someone/89161234567",
        "RU22-0001,crossing,in,KAZ",
        "1234567.891,-0.25,1e6",
        "600 000 to 700 000 persons",
        "40,000 in 12 months; 3,000 at 5 posts",
    ],
)
def test_figures_are_not_taken_for_persons(line: str) -> None:
    assert rows_with_personal_values(line) == 0


def test_code_needs_trust(small: Path) -> None:
    (small / "rules.py").write_text('"""Own rules."""\n', encoding="utf-8")
    assert {f.number for f in check(small).findings} == {153}
    trusted = load(small, trust=True)
    assert trusted.code
    (small / "rules.py").unlink()
    assert load(small).hash != trusted.hash
