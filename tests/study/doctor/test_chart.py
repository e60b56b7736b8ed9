"""Chart: a fit whose unknowns are those of another version is refused, and not misread."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.study.doctor.patient import SMALL, healthy, target_of_small, write_patient

from nostoi.base.errors import NostoiError
from nostoi.case.load import load
from nostoi.observe.shared import SHARED
from nostoi.study.doctor.chart import read_chart


def test_a_fit_of_a_version_with_other_unknowns_is_refused(tmp_path: Path) -> None:
    case = load(SMALL)
    tree = healthy(target_of_small(case))
    assert SHARED in read_chart(case, write_patient(tmp_path / "fit", case, tree)).params
    tree["posterior"] = tree["posterior"].to_dataset().drop_vars(SHARED)
    with pytest.raises(NostoiError, match=rf"N512.*{SHARED}"):
        read_chart(case, write_patient(tmp_path / "other", case, tree))
