"""Doctor: a publisher whose figures together are a factor off is named, others are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.doctor.patient import chart_of_healthy, in_line

from nostoi.base.errors import catalogue
from nostoi.present.doctor import as_dict
from nostoi.study.doctor.chart import Chart
from nostoi.study.doctor.publishers import factors, publishers

MILD, SERIOUS = False, True


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Chart:
    return chart_of_healthy(tmp_path_factory.mktemp("publishers") / "fit")


@pytest.mark.parametrize(("factor", "serious"), [(1.0, None), (1.4, None), (1.55, MILD),
                                                 (0.65, MILD), (4.0, SERIOUS)])  # fmt: skip
def test_a_publisher_out_of_line_is_named(
    chart: Chart, factor: float, serious: bool | None
) -> None:
    """Every figure of one publisher times a factor, while all others say what was expected."""
    linear = in_line(chart)
    by_id = {row.id: row for row in chart.rows}
    rows = [by_id[label] for label in chart.obs]
    own = np.array([row.publisher == "police-b" for row in rows])
    balance = np.array([row.measure == "net" for row in rows])
    moved = np.log(factor) * own * np.where(balance, linear.here, 1.0)
    found = publishers(chart, replace(linear, said=linear.said + moved))
    if serious is None:
        assert found == []
        return
    assert found[0].number == 655 and found[0].serious is serious
    assert found[0].where == chart.publisher("police-b")
    words = as_dict(found[0])
    assert words["title"] == catalogue()[655].title and f"{factor:.2f} times" in words["what"]


def test_a_publisher_of_one_figure_has_no_factor(chart: Chart) -> None:
    by_id = {row.id: row for row in chart.rows}
    count = {key: 0 for key in (by_id[label].publisher for label in chart.obs)}
    for label in chart.obs:
        count[by_id[label].publisher] += 1
    assert set(factors(chart, in_line(chart))) == {key for key, n in count.items() if n > 1}
