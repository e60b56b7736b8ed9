"""One made-up fit for all tests of what-if questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.study.what_if import make_fit

from nostoi.case.case import Case
from nostoi.case.load import load


@pytest.fixture(scope="session")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made-up fit; the case lies beside it."""
    return make_fit(tmp_path_factory.mktemp("what-if"))


@pytest.fixture(scope="session")
def case(fit: Path) -> Case:
    """The case of the fit."""
    return load(fit.parent / "small")
