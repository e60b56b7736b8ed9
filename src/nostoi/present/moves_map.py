"""The map: hosts sized by stock, arcs out and back, and boundaries that follow the UN."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np

from nostoi.present import labels, words
from nostoi.present.caseview import CaseView, Spot
from nostoi.present.chart import BLUE, INK, MUTED, VERMILION, WIDTH, Figure, to_svg
from nostoi.present.disclosure import Gate, Released, Row
from nostoi.present.reading import Fit
from nostoi.present.strings import text
from nostoi.present.summary import Floats

HEIGHT = 470
LAND, BORDER, ORIGIN = "#eef0f2", "#c3c9d0", "#dcd9cf"
STEPS = 24
COUNTS = ("stock", "left_to", "home_from")


def unit_vector(longitude: float, latitude: float) -> Floats:
    """Point on the unit sphere of a longitude and latitude in degrees."""
    lon, lat = math.radians(longitude), math.radians(latitude)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def degrees(point: Floats) -> list[float]:
    """Longitude and latitude in degrees of a vector."""
    x, y, z = point / np.linalg.norm(point)
    return [math.degrees(math.atan2(y, x)), math.degrees(math.asin(float(z)))]


def arc(a: Spot, b: Spot, bulge: float) -> list[list[float]]:
    """A curve from a to b that leaves the great circle to the right by a share of its length."""
    start, end = unit_vector(a.longitude, a.latitude), unit_vector(b.longitude, b.latitude)
    angle = math.acos(float(np.clip(start @ end, -1.0, 1.0)))
    side = np.cross(start, end)
    side = side / (np.linalg.norm(side) or 1.0)
    points = []
    for s in np.linspace(0.0, 1.0, STEPS):
        along = (1 - s) * start + s * end
        points.append(degrees(along - side * bulge * angle * math.sin(math.pi * float(s))))
    return points


def land(case: CaseView) -> dict[str, Any]:
    """Boundaries as the data of a layer: the case's own, or those shipped."""
    if case.boundaries is not None:
        return {"values": dict(case.boundaries), "format": {"type": "json", "property": "features"}}
    shipped = resources.files("nostoi.present").joinpath("data/countries.json")
    topology = json.loads(shipped.read_text(encoding="utf-8"))
    return {"values": topology, "format": {"type": "topojson", "feature": "countries"}}


def centred(spots: Sequence[Spot]) -> dict[str, Any]:
    """A Lambert equal-area projection that holds all spots."""
    vectors = [unit_vector(s.longitude, s.latitude) for s in spots]
    lon, lat = degrees(np.sum(vectors, axis=0))
    flat = np.array([_lambert(s.longitude, s.latitude, lon, lat) for s in spots])
    low, high = flat.min(axis=0), flat.max(axis=0)
    span = np.maximum(high - low, 0.2)
    scale = float(min(WIDTH * 0.86 / span[0], HEIGHT * 0.80 / span[1]))
    middle = (low + high) / 2 * scale
    return {
        "type": "azimuthalEqualArea",
        "rotate": [-lon, -lat, 0],
        "scale": scale,
        "translate": [WIDTH / 2 - float(middle[0]), HEIGHT / 2 + float(middle[1])],
        "clipAngle": 110,
    }


def _lambert(longitude: float, latitude: float, lon0: float, lat0: float) -> tuple[float, float]:
    lon, lat, base = (math.radians(v) for v in (longitude - lon0, latitude, lat0))
    cosine = math.sin(base) * math.sin(lat) + math.cos(base) * math.cos(lat) * math.cos(lon)
    k = math.sqrt(2 / max(1 + cosine, 1e-6))
    x = k * math.cos(lat) * math.sin(lon)
    return x, k * (math.cos(base) * math.sin(lat) - math.sin(base) * math.cos(lat) * math.cos(lon))


def pixel(view: dict[str, Any], longitude: float, latitude: float) -> tuple[float, float]:
    """Where a longitude and latitude fall on the picture of a projection from `centred`."""
    lon0, lat0 = -view["rotate"][0], -view["rotate"][1]
    x, y = _lambert(longitude, latitude, lon0, lat0)
    return view["translate"][0] + view["scale"] * x, view["translate"][1] - view["scale"] * y


def map_rows(fit: Fit, case: CaseView) -> list[Row]:
    """Per host: final stock, departures to it and returns from it (medians)."""
    out: list[Row] = []
    for place in fit.names("place"):
        spot = case.places.get(place)
        if spot is None or not math.isfinite(spot.latitude + spot.longitude):
            continue
        stock = fit.draws("stock_place", place=place)[..., -1]
        out.append(
            {
                "place": place,
                "name": spot.name,
                "latitude": spot.latitude,
                "longitude": spot.longitude,
                "stock": float(np.median(stock)),
                "left_to": float(np.median(fit.draws("leave_to", place=place))),
                "home_from": float(np.median(fit.draws("home_from", place=place))),
            }
        )
    return out


def _arcs(data: Released, case: CaseView) -> list[dict[str, Any]]:
    largest = max([_n(row["left_to"]) for row in data.rows] + [1.0])
    out: list[dict[str, Any]] = []
    for row in data.rows:
        spot = case.places[str(row["place"])]
        for column, color in (("left_to", VERMILION), ("home_from", BLUE)):
            ends = (case.origin, spot) if column == "left_to" else (spot, case.origin)
            out.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": arc(*ends, 0.16)},
                    "properties": {
                        "color": color,
                        "width": 0.5 + 8.5 * math.sqrt(_n(row[column]) / largest),
                        "size": _n(row[column]),
                    },
                }
            )
    return [feature for feature in out if feature["properties"]["size"] > 0]


def _n(value: object) -> float:
    return float(value) if isinstance(value, float | int) else 0.0


def _names(data: Released, view: dict[str, Any]) -> list[dict[str, Any]]:
    """The name of each host with its place on the picture, in pixels."""
    largest = max([_n(row["stock"]) for row in data.rows] + [1.0])
    marks = []
    for row in data.rows:
        radius = math.sqrt((12 + 888 * math.sqrt(_n(row["stock"]) / largest)) / math.pi)
        x, y = pixel(view, _n(row["longitude"]), _n(row["latitude"]))
        marks.append(labels.Mark(x, y, radius, str(row["name"])))
    return [
        {"name": mark.name, "x": x, "y": y, "align": align}
        for mark, (x, y, align) in zip(marks, labels.place(marks), strict=True)
    ]


def _texts(names: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Text layers: a halo in the colour of land, then the names."""
    out = []
    for halo in ({"stroke": LAND, "strokeWidth": 3}, {}):
        for align in ("left", "center", "right"):
            mark = {"type": "text", "fontSize": 11.5, "color": INK, "align": align,
                    "baseline": "middle", **halo}  # fmt: skip
            out.append(
                {"data": {"values": [n for n in names if n["align"] == align]}, "mark": mark,
                 "encoding": {"x": {"field": "x", "type": "quantitative", "scale": None},
                              "y": {"field": "y", "type": "quantitative", "scale": None},
                              "text": {"field": "name", "type": "nominal"}}}
            )  # fmt: skip
    return out


def _layers(data: Released, case: CaseView, view: dict[str, Any]) -> list[dict[str, Any]]:
    here = f"datum.id === '{case.origin.code}'"
    fill = {"condition": {"test": here, "value": ORIGIN}, "value": LAND}
    hosts = {"values": [dict(row) for row in data.rows if row["stock"] is not None]}
    legend = {"format": "~s", "orient": "bottom-left", "values": _sizes(data), "title": "persons",
              "symbolFillColor": INK, "symbolOpacity": 0.5, "titleFontSize": 11,
              "labelFontSize": 11, "titleColor": MUTED}  # fmt: skip
    circles = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
        "size": {"field": "stock", "type": "quantitative", "legend": legend,
                 "scale": {"type": "sqrt", "zero": True, "rangeMin": 12, "rangeMax": 900}},
    }  # fmt: skip
    lines = {
        "stroke": {"field": "properties.color", "type": "nominal", "scale": None},
        "strokeWidth": {"field": "properties.width", "type": "quantitative", "scale": None},
    }
    return [
        {"data": land(case), "mark": {"type": "geoshape", "stroke": BORDER, "strokeWidth": 0.6},
         "encoding": {"fill": fill}},
        {"data": {"values": _arcs(data, case)}, "encoding": lines,
         "mark": {"type": "geoshape", "filled": False, "opacity": 0.7, "strokeCap": "round"}},
        {"data": hosts, "mark": {"type": "circle", "color": INK, "opacity": 0.75},
         "encoding": circles},
        *_texts(_names(data, view)),
    ]  # fmt: skip


def _sizes(data: Released) -> list[float]:
    top = max([_n(row["stock"]) for row in data.rows] + [10.0])
    unit = 10.0 ** math.floor(math.log10(top))
    return (
        [unit / 10, unit, math.floor(top / unit) * unit] if top >= 2 * unit else [unit / 10, unit]
    )


def moves_map(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Hosts sized by final stock; arcs of departures and returns since the start."""
    found = sorted(map_rows(fit, case), key=lambda row: -_n(row["stock"]))
    for column in COUNTS:
        found = gate.together(found, "total", (column,))
    data = gate.release(found, counts=COUNTS)
    spots = [case.origin, *(case.places[str(row["place"])] for row in data.rows)]
    view = centred(spots)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "projection": view,
        "layer": _layers(data, case, view),
        "resolve": {"scale": {"size": "shared"}},
    }
    shown = [f"{row['name']} {words.number(_n(row['stock']), 1000)}" for row in data.rows[:4]]
    alt_text = text("alt.map", end=fit.dates[-1], values="; ".join(shown))
    title = text("figures.map")
    svg = to_svg(spec, "map", title, alt_text)
    note = "boundaries" if case.boundaries is None else "boundaries_case"
    return Figure("map", title, alt_text, svg, data, {"unit": "persons"}, text(f"notes.{note}"))
