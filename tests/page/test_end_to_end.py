"""The page in a real browser: views, levers, downloads, keyboard; nothing from elsewhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright
from tests.page.conftest import Running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
VIEWS = ("estimate", "map", "moves", "returned", "whatif", "evidence", "contradictions", "lives",
         "glossary", "limits")  # fmt: skip
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="no Chromium here: apt install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as p:
        found = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """The page, open; complaints of the browser and requests elsewhere fail the test."""
    context = browser.new_context(accept_downloads=True)
    found = context.new_page()
    wrong: list[str] = []

    def seen(request: Request) -> None:
        if not request.url.startswith((running.root, "blob:", "data:")):
            wrong.append(request.url)

    context.on("request", seen)
    found.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.goto(running.address)
    found.wait_for_selector("main[data-view=estimate]")
    yield found
    context.close()
    assert not wrong


def show(page: Page, view: str) -> None:
    page.click(f"nav a[href='#{view}']")
    page.wait_for_selector(f"main[data-view={view}]")


def order_a_wave(page: Page) -> None:
    page.select_option("#wave", "ordered")
    page.wait_for_selector(".totals", timeout=30_000)


def test_every_view_opens_and_says_where_its_figures_come_from(page: Page) -> None:
    assert "token" not in page.url
    for view in VIEWS:
        show(page, view)
        assert page.locator("h1").count() == 1
        assert page.get_attribute(f"nav a[href='#{view}']", "aria-current") is not None
        for caption in page.locator("figcaption .source").all():
            assert "Nostoi" in caption.inner_text()
        for picture in page.locator("[role=img]").all():
            assert len(picture.get_attribute("aria-label") or "") > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for view in VIEWS:
        show(page, view)
        if view == "whatif":
            order_a_wave(page)
        found = Axe().run(page).response["violations"]
        bad = [(one["id"], [n["html"][:160] for n in one["nodes"][:3]]) for one in found
               if one["impact"] in ("serious", "critical")]  # fmt: skip
        assert not bad, view


def test_a_lever_redraws_and_reset_takes_it_back(page: Page) -> None:
    show(page, "whatif")
    assert page.locator(".totals").count() == 0
    order_a_wave(page)
    first = page.locator(".totals tbody").inner_text()
    assert "called up" in first
    page.locator("#ban").focus()
    page.keyboard.press("End")
    page.wait_for_function("before => document.querySelector('.totals tbody').innerText !== before",
                           arg=first, timeout=30_000)  # fmt: skip
    assert page.locator("path.before").count() > 0
    page.get_by_role("button", name="Reset").click()
    page.wait_for_selector("[data-name=base-stock]")
    assert page.input_value("#wave") == "none"


def test_a_host_can_be_closed(page: Page) -> None:
    show(page, "whatif")
    page.select_option("#regime", "closed")
    page.wait_for_selector(".totals", timeout=30_000)
    assert "Hosts with changed rules" in page.locator("fieldset .note").inner_text()


def test_downloads_say_what_they_are(page: Page, tmp_path: Path) -> None:
    show(page, "returned")
    for button, kind in (("CSV", "csv"), ("SVG", "svg")):
        with page.expect_download() as held:
            page.locator("[data-name=returned]").get_by_text(button, exact=True).click()
        held.value.save_as(tmp_path / f"file.{kind}")
    lines = (tmp_path / "file.csv").read_text(encoding="utf-8").splitlines()
    notes = [line for line in lines if line.startswith("#")]
    assert any("Nostoi" in line for line in notes)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert {"panel", "date", "low90", "median", "high90", "unit"} <= set(rows[0])
    drawn = ElementTree.parse(tmp_path / "file.svg").getroot()  # noqa: S314 - our own file
    said = " ".join(drawn.itertext())
    assert "Nostoi" in said
    assert "Persons returned" in said


def test_a_setting_can_be_saved_as_a_scenario(page: Page, tmp_path: Path) -> None:
    show(page, "whatif")
    order_a_wave(page)
    with page.expect_download() as held:
        page.get_by_role("button", name="Save as scenario file").click()
    held.value.save_as(tmp_path / "what-if.yaml")
    saved = json.loads((tmp_path / "what-if.yaml").read_text(encoding="utf-8"))
    assert {change["change"] for change in saved["changes"]} == {"signal", "call_up"}


def test_a_source_can_be_switched_off(page: Page) -> None:
    show(page, "evidence")
    page.locator(".switches input").first.check()
    page.wait_for_selector("[data-name=reweighted]")
    page.locator(".switches input").first.uncheck()
    page.wait_for_selector("[data-name=reweighted]", state="detached")


def test_a_chart_can_be_read_as_a_table(page: Page) -> None:
    frame = page.locator("[data-name=stocks-rule]")
    frame.get_by_text("Table", exact=True).click()
    assert frame.locator("tbody tr").count() > 10
    frame.get_by_text("Chart", exact=True).click()
    assert frame.locator("svg").count() == 4


def test_the_map_follows_its_slider(page: Page) -> None:
    show(page, "map")
    before = page.locator("svg.map").get_attribute("aria-label")
    page.locator("#when").focus()
    page.keyboard.press("Home")
    assert page.locator("svg.map").get_attribute("aria-label") != before


def test_the_glossary_finds_a_rule(page: Page) -> None:
    show(page, "glossary")
    page.fill("#find", "call-up")
    assert page.locator(".words dd").count() > 0
    page.fill("#find", "zzzz")
    assert page.locator(".words dd").count() == 0


def test_the_keyboard_reaches_everything(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("nav a").first.focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-view=whatif]")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('form') !== null")


def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 720})
    for view in VIEWS:
        show(page, view)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, view


def test_ten_tabs_stay_alive(browser: Browser, running: Running) -> None:
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(10)]
    for k, tab in enumerate(tabs):
        tab.goto(running.address if k == 0 else running.root)
        tab.evaluate("location.hash = 'whatif'")
    for k, tab in enumerate(tabs):
        tab.wait_for_selector("#ban")
        tab.locator("#ban").fill(str(round(0.05 * (k + 1), 2)))
    for tab in tabs:
        tab.wait_for_selector(".totals", timeout=60_000)
    context.close()
