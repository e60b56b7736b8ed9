"""The shipped boundaries follow the United Nations' depiction, and a case may bring its own."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from tests.present.fake_fit import fake_case

from nostoi.present.disclosure import Gate
from nostoi.present.moves_map import arc, centred, moves_map, pixel
from nostoi.present.reading import Fit
from nostoi.present.strings import text

Point = tuple[float, float]


def rings(topology: dict[str, Any], geometry: dict[str, Any]) -> list[list[Point]]:
    """Outer rings of a country, in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]

    def line(index: int) -> list[Point]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][~index if index < 0 else index]:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        return points[::-1] if index < 0 else points

    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [[point for index in part[0] for point in line(index)] for part in parts]


def holds(ring: list[Point], point: Point) -> bool:
    """Whether a ring goes around a point."""
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


@pytest.fixture(scope="module")
def topology() -> dict[str, Any]:
    file = resources.files("nostoi.present").joinpath("data/countries.json")
    assert len(file.read_bytes()) < 300_000
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("city", "point", "country"),
    [
        ("Simferopol", (34.1, 44.95), "UKR"),
        ("Pristina", (21.16, 42.66), "SRB"),
        ("Nicosia", (33.36, 35.25), "CYP"),
        ("Hargeisa", (44.06, 9.56), "SOM"),
        ("Moscow", (37.6, 55.75), "RUS"),
        ("Almaty", (76.9, 43.2), "KAZ"),
    ],
)
def test_city_lies_in(topology: dict[str, Any], city: str, point: Point, country: str) -> None:
    found = [
        geometry.get("id")
        for geometry in topology["objects"]["countries"]["geometries"]
        if any(holds(ring, point) for ring in rings(topology, geometry))
    ]
    assert found == [country], city


def test_map_carries_the_disclaimer(page: str) -> None:
    assert text("notes.boundaries").replace("'", "&#39;") in page


def test_a_case_may_bring_its_boundaries(fit: Fit) -> None:
    ring = [[30, 40], [30, 60], [90, 60], [30, 40]]
    square = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "id": "RUS", "geometry": square, "properties": {}}
    own = {"type": "FeatureCollection", "features": [feature]}
    figure = moves_map(fit, fake_case(boundaries=own), Gate())
    assert figure.note == text("notes.boundaries_case")
    assert len(figure.svg) < 100_000


def test_arcs_out_and_back_lie_apart() -> None:
    places = fake_case().places
    out = arc(places["RUS"], places["KAZ"], 0.16)
    back = arc(places["KAZ"], places["RUS"], 0.16)[::-1]
    assert out[0] == pytest.approx(back[0])
    assert abs(out[12][1] - back[12][1]) > 1


def test_all_places_are_on_the_picture() -> None:
    spots = list(fake_case().places.values())
    view = centred(spots)
    for spot in spots:
        x, y = pixel(view, spot.longitude, spot.latitude)
        assert 0 < x < 900 and 0 < y < 470
