"""A fake fit and its report, made once for all tests of the floor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.present.fake_fit import fake_case, write_fake_fit  # noqa: E402

from nostoi.present.reading import Fit, read_fit  # noqa: E402
from nostoi.present.report import ReportPaths, build  # noqa: E402


@pytest.fixture(scope="session")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """A finished fit."""
    return read_fit(write_fake_fit(tmp_path_factory.mktemp("fit")))


@pytest.fixture(scope="session")
def report(fit: Fit, tmp_path_factory: pytest.TempPathFactory) -> ReportPaths:
    """Its report."""
    return build(fit, fake_case(), tmp_path_factory.mktemp("out") / "report")


@pytest.fixture(scope="session")
def page(report: ReportPaths) -> str:
    """The page of the report."""
    return report.html.read_text(encoding="utf-8")
