"""A random fit with the exact structure that `nostoi fit` writes, for tests of the report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from nostoi.present.caseview import CaseView, Spot

Floats = NDArray[np.float64]
CHAINS, DRAWS = 2, 100
RULES = ["any", "3m", "6m", "12m"]
HOSTS = {
    "KAZ": ("Kazakhstan", 48.0, 67.0, 0.24), "GEO": ("Georgia", 42.0, 43.5, 0.15),
    "ARM": ("Armenia", 40.2, 44.8, 0.12), "TUR": ("Türkiye", 39.0, 35.0, 0.14),
    "SRB": ("Serbia", 44.0, 20.8, 0.08), "ISR": ("Israel", 31.5, 34.9, 0.08),
    "MNG": ("Mongolia", 46.9, 103.8, 0.02), "FIN": ("Finland", 63.0, 26.0, 0.03),
    "KGZ": ("Kyrgyzstan", 41.5, 74.6, 0.04), "UZB": ("Uzbekistan", 41.5, 64.5, 0.03),
    "ARE": ("United Arab Emirates", 24.0, 54.0, 0.05), "MNE": ("Montenegro", 42.8, 19.3, 0.02),
}  # fmt: skip
GROUPS = ["exposed_means", "exposed_poor", "kin", "activists"]
DATES = np.arange("2022-01-02", "2024-01-01", 7, dtype="datetime64[D]").astype("datetime64[ns]")
DIMS = ("chain", "draw")


def fake_case(**changes: Any) -> CaseView:
    """A view of a case that fits the fake fit."""
    places = {"RUS": Spot("RUS", "Russia", 55.75, 37.6)}
    places |= {code: Spot(code, name, lat, lon) for code, (name, lat, lon, _) in HOSTS.items()}
    case = CaseView(
        name="russia-2022",
        title="Russia 2022: leaving, and coming back without a word",
        question="How many of those who left after the mobilisation decree came back?",
        origin=places["RUS"],
        start="2022-01-01",
        end="2023-12-31",
        event="2022-09-21",
        event_name="the mobilisation decree",
        places=places,
        groups={"exposed_means": "men of call-up age with means",
                "exposed_poor": "men of call-up age without means",
                "kin": "their families", "activists": "political activists"},
        persons={"exposed_means": 5e6, "exposed_poor": 2e7, "kin": 3e7, "activists": 2e5},
        ledger=tuple(ledger()),
        publishers={"outrush": "OutRush", "ranepa": "RANEPA", "kaz_mvd": "Kazakh interior ministry",
                    "kremlin": "Kremlin", "levada": "Levada", "geostat": "Geostat"},
        observers={"kaz_border": {"family": "crossing", "place": "KAZ"},
                   "geo_border": {"family": "crossing", "place": "GEO"},
                   "fin_border": {"family": "crossing", "place": "FIN"},
                   "geostat_flow": {"family": "flow", "place": "GEO"},
                   "tur_permits": {"family": "register", "place": "TUR"},
                   "kaz_iin": {"family": "register", "place": "KAZ"},
                   "outrush": {"family": "survey", "rule": "any"},
                   "ranepa": {"family": "survey", "rule": "3m"},
                   "kremlin_share": {"family": "claim", "rule": "any"},
                   "levada_fear": {"family": "poll"}},
        limits="# Limits\n\n- No survey in the origin asks about members who came back.\n"
        "- Host border counts are trips, not persons.\n- Towns cannot be told apart.\n"
        "- Groups of people are told apart by one source only.\n",
    )  # fmt: skip
    return replace(case, **changes)


def ledger() -> list[dict[str, str]]:
    """A short evidence ledger; the last rows are not used."""
    rows = []
    for number, (observer, kind, measure, place, end, value, publisher) in enumerate(OBSERVED):
        rows.append(_row(f"RU22-{number:04d}", kind, measure, place, end, value, publisher,
                         observer=observer))  # fmt: skip
    rows.append(_row("RU22-0523", "claim", "returned_share", "RUS", "2022-05-27", "85", "kremlin",
                     reason="no frame: the sentence names no population"))  # fmt: skip
    rows.append(_row("RU22-0980", "survey_share", "returned", "ALL", "2023-12-05", "40", "outrush",
                     repeats="RU22-0002", reason="repeats RU22-0002"))  # fmt: skip
    return rows


def _row(number: str, kind: str, measure: str, place: str, end: str, value: str, publisher: str,
         **more: str) -> dict[str, str]:  # fmt: skip
    percent = kind in ("survey_share", "belief_poll") or measure == "returned_share"
    base = {"id": number, "count_type": kind, "measure": measure, "place": place, "group": "",
            "rule": "any", "period_start": end, "period_end": end, "value": value, "low": "",
            "high": "", "bound": "point", "rounding": "0", "per": "",
            "unit": "percent" if percent else "persons", "publisher": publisher,
            "published": end[:7], "confidence": "B", "repeats": "", "observer": "", "reason": "",
            "population": "relocants", "definition": "", "source_title": "A source",
            "source_url": f"https://example.org/{number}"}  # fmt: skip
    return base | more


def _observed() -> list[tuple[str, str, str, str, str, str, str]]:
    rng = np.random.default_rng(4)
    rows = [
        ("outrush", "survey_share", "returned_or_visited", "ALL", "2023-10-25", "15", "outrush"),
        ("ranepa", "survey_share", "returned", "ALL", "2023-11-30", "10", "ranepa"),
        ("kremlin_share", "claim", "returned_share", "RUS", "2023-06-16", "50", "kremlin"),
        ("kremlin_share", "claim", "returned", "RUS", "2023-12-05", "334000", "kremlin"),
    ]
    for observer, kind, measure, place, size, key in (
        ("kaz_border", "crossing", "in", "KAZ", 60000, "kaz_mvd"),
        ("kaz_border", "crossing", "out", "KAZ", 50000, "kaz_mvd"),
        ("geo_border", "crossing", "in", "GEO", 40000, "geostat"),
        ("fin_border", "crossing", "both", "FIN", 30000, "kaz_mvd"),
        ("geostat_flow", "flow", "net", "GEO", 20000, "geostat"),
        ("tur_permits", "register", "valid", "TUR", 110000, "kaz_mvd"),
        ("kaz_iin", "register", "issued", "KAZ", 70000, "kaz_mvd"),
        ("levada_fear", "belief_poll", "fear", "RUS", 45, "levada"),
    ):
        for month in range(2, 24):
            end = f"{2022 + month // 12}-{month % 12 + 1:02d}-28"
            bump = 1 + 2 * np.exp(-0.5 * ((month - 8.5) / 0.8) ** 2) * (kind != "belief_poll")
            value = str(round(size * bump * float(np.exp(rng.normal(0, 0.15)))))
            rows.append((observer, kind, measure, place, end, value, key))
    return rows  # fmt: skip


OBSERVED = _observed()


def _noise(rng: np.random.Generator, *shape: int, sd: float = 0.15) -> Floats:
    return np.exp(rng.normal(0, sd, (CHAINS, DRAWS, *shape)))


def quantities(rng: np.random.Generator) -> xr.Dataset:
    """The group `quantities`, with numbers of about the size of the flagship."""
    n, t = len(DATES), np.arange(len(DATES))
    pulse = 6000 * np.exp(-0.5 * ((t - 9) / 3.0) ** 2) + 3000
    pulse = pulse + 90000 * np.exp(-np.maximum(t - 37, 0) / 1.8) * (t >= 37)
    leave = pulse * _noise(rng, 1) * _noise(rng, n, sd=0.05)
    home = np.cumsum(leave, -1) * 0.006 * _noise(rng, 1, sd=0.3)
    gone, back = np.cumsum(leave, -1), np.cumsum(home, -1) * 0.9
    stock = np.maximum(gone - back, 0)
    weights = np.array([host[3] for host in HOSTS.values()])
    by_place = stock[:, :, None, :] * weights[:, None] * _noise(rng, len(weights), 1)
    keep = np.array([1.0, 0.9, 0.78, 0.55])
    groups = np.array([0.35, 0.25, 0.3, 0.1])
    belief = 0.08 + 0.5 * np.exp(-np.abs(t - 38) / 14.0) * (t > 30)
    data: dict[str, Any] = {
        "left_total": (DIMS, gone[..., -1]),
        "left_since_event": (DIMS, gone[..., -1] - gone[..., 36]),
        "again_total": (DIMS, back[..., -1] * 0.06),
        "abroad_end": ((*DIMS, "rule"), stock[..., -1:] * keep),
        "returned_end": ((*DIMS, "rule"), back[..., -1:] * keep),
        "returned_share_end": ((*DIMS, "rule"),
                               (back / gone)[..., -1:] * np.array([1, 0.97, 0.9, 0.7])),
        "called_up_total": (DIMS, 2000 * _noise(rng)),
        "ready_now": ((*DIMS, "group"), 0.18 * _noise(rng, 4)),
        "would": ((*DIMS, "group"), 0.45 * _noise(rng, 4)),
        "could": ((*DIMS, "group"), 0.40 * _noise(rng, 4)),
        "ready_total": (DIMS, back[..., -1] * 0.18 * _noise(rng)),
        "stock_place": ((*DIMS, "place", "date"), by_place),
        "arrivals_place": ((*DIMS, "place", "date"), leave[:, :, None, :] * weights[:, None]),
        "home_place": ((*DIMS, "place", "date"), home[:, :, None, :] * weights[:, None]),
        "stock_rule": ((*DIMS, "rule", "date"), stock[:, :, None, :] * keep[:, None]),
        "returned_rule": ((*DIMS, "rule", "date"), back[:, :, None, :] * keep[:, None]),
        "leave_week": ((*DIMS, "date"), leave),
        "home_week": ((*DIMS, "date"), home),
        "on_week": ((*DIMS, "date"), home * 0.4),
        "again_week": ((*DIMS, "date"), home * 0.03),
        "leave_group": ((*DIMS, "group", "date"), leave[:, :, None, :] * groups[:, None]),
        "stock_group": ((*DIMS, "group", "date"), stock[:, :, None, :] * groups[:, None]),
        "returned_group": ((*DIMS, "group", "date"), back[:, :, None, :] * groups[:, None]),
        "belief_home": ((*DIMS, "group", "date"), np.minimum(belief * _noise(rng, 4, 1), 1)),
        "rumour_home": ((*DIMS, "date"), 0.6 * belief * _noise(rng, 1)),
        "leave_to": ((*DIMS, "place"), gone[..., -1:] * weights),
        "home_from": ((*DIMS, "place"), back[..., -1:] * weights),
        "onward": ((*DIMS, "place_from", "place"),
                   1e5 * weights[:, None] * weights * _noise(rng, 1, 1) * (1 - np.eye(12))),
    }  # fmt: skip
    coords = {"place": list(HOSTS), "place_from": list(HOSTS), "group": GROUPS, "rule": RULES,
              "date": DATES}  # fmt: skip
    return xr.Dataset(data, coords, {"group_informed": "exposed_means,kin"})


def observed() -> xr.Dataset:
    """The group `observed_data`."""
    names = ("observer", "count_type", "measure", "place", "period_end", "value", "publisher")
    columns: dict[str, Any] = {
        name: ("obs", np.array([row[i] for row in OBSERVED], dtype=object))
        for i, name in enumerate(names)
    }
    columns["value"] = ("obs", np.array([float(row[5]) for row in OBSERVED]))
    columns["period_start"] = columns["period_end"]
    columns["confidence"] = ("obs", np.array(["B"] * len(OBSERVED), dtype=object))
    for name in ("low", "high"):
        columns[name] = ("obs", np.full(len(OBSERVED), np.nan))
    ids = np.array([f"RU22-{i:04d}" for i in range(len(OBSERVED))], dtype=object)
    return xr.Dataset(columns, {"obs": ids})


def predicted(rng: np.random.Generator) -> xr.Dataset:
    """The group `posterior_predictive`."""
    value = np.array([float(row[5]) for row in OBSERVED])
    centre = value * np.exp(rng.normal(0, 0.2, len(value)))
    dims = (*DIMS, "obs")
    expected = centre * _noise(rng, len(value), sd=0.1)
    return xr.Dataset(
        {
            "y": (dims, expected * _noise(rng, len(value), sd=0.2)),
            "expected": (dims, expected),
            "expected_unbiased": (dims, expected * 1.1),
        }
    )


def parameters(rng: np.random.Generator) -> tuple[xr.Dataset, xr.Dataset]:
    """The groups `posterior` and `prior`."""
    names = ("fear", "homesick", "freedom", "rumour_spread", "again", "money")
    sources = [f"source_{i}" for i in range(6)]
    post: dict[str, Any] = {name: (DIMS, rng.normal(0, 0.1 + 0.18 * i, (CHAINS, DRAWS)))
            for i, name in enumerate(names)}  # fmt: skip
    post["attraction"] = ((*DIMS, "place"), rng.normal(0, 0.3, (CHAINS, DRAWS, 12)))
    post["wave"] = ((*DIMS, "knot"), rng.normal(0, 0.5, (CHAINS, DRAWS, 27)))
    post["bias"] = ((*DIMS, "source"), rng.normal(0.1, 0.2, (CHAINS, DRAWS, 6)))
    sizes = {"attraction": ("place", 12), "wave": ("knot", 27), "bias": ("source", 6)}
    prior: dict[str, Any] = {}
    for name in post:
        dims, shape = ((sizes[name][0],), sizes[name][1]) if name in sizes else ((), ())
        prior[f"{name}_mean"] = (dims, np.zeros(shape))
        prior[f"{name}_sd"] = (dims, np.ones(shape))
    coords = {"place": list(HOSTS), "source": sources}
    return xr.Dataset(post, coords), xr.Dataset(prior, coords)


def write_fake_fit(folder: Path, **meta: Any) -> Path:
    """Write a fit folder; `meta` changes fit.json."""
    rng = np.random.default_rng(1)
    folder.mkdir(parents=True, exist_ok=True)
    posterior, prior = parameters(rng)
    tree = xr.DataTree.from_dict(
        {"posterior": posterior, "prior": prior, "observed_data": observed(),
         "posterior_predictive": predicted(rng), "quantities": quantities(rng)}
    )  # fmt: skip
    tree.to_netcdf(folder / "posterior.nc", engine="h5netcdf")
    (folder / "fit.json").write_text(json.dumps(fit_meta() | meta), encoding="utf-8")
    facts = [{"fact": "Pulse and quick turn, KAZ", "published": "net negative after 12 days",
              "model": "after 14 days [9–21]", "verdict": "reproduced", "why": "two-way counts"},
             {"fact": "Short shocks", "published": "fares normal after 2 days",
              "model": "no fares in the model", "verdict": "not", "why": "outside"}]  # fmt: skip
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def fit_meta() -> dict[str, Any]:
    """The content of fit.json of a finished, converged fit."""
    return {
        "format": 1, "case": "russia-2022", "title": "Russia 2022",
        "case_folder": "cases/russia-2022",
        "case_hash": "0f3c" * 16, "versions": {"nostoi": "0.1.0", "jax": "0.10.2"},
        "seed": 20220921, "method": "nuts", "approximate": False, "status": "done",
        "settings": {"chains": CHAINS, "draws": DRAWS, "warmup": 100},
        "draws": DRAWS,
        "as_of": None, "started": "2026-11-22T10:00:00Z", "finished": "2026-11-22T11:00:00Z",
        "diagnostics": {"max_rhat": 1.004, "min_ess_bulk": 812.0, "min_ess_tail": 700.0,
                        "divergences": 0, "ebfmi": 0.9, "converged": True, "reasons": []},
        "seconds": {"sample": {"wall": 60.0, "cpu": 110.0}},
    }  # fmt: skip
