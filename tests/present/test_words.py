"""Numbers are rounded to their uncertainty, and the small Markdown stays harmless."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nostoi.present import labels, markdown, words
from nostoi.present.strings import text
from nostoi.present.summary import LEVELS, Estimate, bands, summarise

RETURNED = Estimate(265_120.0, 300_480.0, 326_417.0, 352_900.0, 399_803.0, rhat=1.0, ess=900.0)


def test_an_estimate_is_rounded_to_its_uncertainty() -> None:
    assert words.estimate(RETURNED) == "326,000 [265,000–400,000]"
    assert words.interval(RETURNED, 50) == "[300,000–353,000]"


def test_a_share_is_in_percent() -> None:
    e = Estimate(0.281, 0.31, 0.342, 0.37, 0.403, rhat=1.0, ess=900.0)
    space = "\N{NO-BREAK SPACE}"
    assert words.estimate(e, percent=True) == f"34{space}% [28–40{space}%]"


@pytest.mark.parametrize(("rhat", "ess"), [(1.02, 900.0), (1.0, 399.0), (float("inf"), 900.0)])
def test_chains_that_do_not_agree_get_a_dagger(rhat: float, ess: float) -> None:
    e = Estimate(1.0, 2.0, 300.0, 400.0, 500.0, rhat=rhat, ess=ess)
    assert words.point(e).endswith("†")
    assert "†" not in words.point(RETURNED)


def test_a_withheld_number_says_so() -> None:
    e = Estimate(None, None, None, 15.0, 40.0)
    assert words.point(e) == text("withheld")


def test_intervals_are_equal_tailed() -> None:
    draws = np.arange(1000.0).reshape(2, 500)
    e = summarise(draws)
    assert e.low90 == pytest.approx(49.95)
    assert e.high90 == pytest.approx(949.05)
    assert bands(draws[..., None]).shape == (5, 1)
    some = draws.copy()
    some[0, :250] = np.nan
    wanted = np.quantile(some[np.isfinite(some)], LEVELS)
    assert_allclose(bands(np.stack([some, draws], -1))[:, 0], wanted)


def test_dates_in_words() -> None:
    assert words.day("2022-09-21") == "21 September 2022"
    assert words.day("2022-09") == "2022-09"


def test_markdown_is_escaped_and_short() -> None:
    source = "# Limits\nIntro <b>bold</b>.\n\n- first\n  goes on\n- [second](https://x.org)\n"
    numbered = "## Page one\n\n1. **One.** Two.\n   Three.\n2. Four.\n"
    assert markdown.first_items(numbered) == ["One. Two.", "Four."]
    assert "<ol><li><strong>One.</strong> Two. Three.</li><li>Four.</li></ol>" in (
        markdown.to_html(numbered)
    )
    shown = markdown.to_html(source)
    assert "<h3>Limits</h3>" in shown
    assert "&lt;b&gt;" in shown
    assert "<li>first goes on</li><li>second</li>" in shown
    assert markdown.first_items(source, 2) == ["Intro <b>bold</b>.", "first goes on"]


def test_names_of_neighbours_do_not_cover_each_other() -> None:
    marks = [labels.Mark(100, 100, 10, "Serbia"), labels.Mark(110, 108, 8, "Montenegro")]
    (x1, y1, _), (x2, y2, _) = labels.place(marks)
    assert abs(y1 - y2) >= labels.LINE or abs(x1 - x2) > 30
