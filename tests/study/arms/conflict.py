"""A small invented conflict: four zones, three camps, 400 days; reports and ground by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nostoi.case.case import Case
from nostoi.case.flee.read import read_flee
from nostoi.case.flee.to_case import case_files
from nostoi.case.load import load
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.reports import Reports, Row

START = dt.date(2030, 1, 1)
DAYS = 400
CAMPS = ("east", "north", "west")
ONSETS = (0, 20, 90, 200)
KM = np.array([[100.0, 400.0, 900.0], [300.0, 200.0, 700.0], [800.0, 500.0, 100.0], [400.0] * 3])


def ground(days: int = DAYS) -> Ground:
    """Outbreaks that last; `west` opens on day 60."""
    day = np.arange(days)[:, None]
    since = np.where(day >= np.array(ONSETS), day - np.array(ONSETS), -1)
    is_open = np.ones((days, 3), np.bool_)
    is_open[:60, 2] = False
    return Ground(
        zones=("a", "b", "c", "d"),
        camps=CAMPS,
        persons=np.array([1e5, 5e4, 2e5, 3e4]),
        since=since,
        listed=np.ones((days, 4), np.bool_),
        km=KM[None],
        state=np.zeros(days, np.int64),
        is_open=is_open,
    )


def true_counts(days: int = DAYS) -> np.ndarray:
    """Smooth growth that fades, in shares that wander from east to west [day, camp]."""
    t = np.arange(days)
    total = 30_000 * (1 - np.exp(-t / 90.0))
    west = 0.4 * np.clip((t - 60) / 200.0, 0, 1)
    shares = np.stack([0.7 - west / 2, 0.3 - west / 2, west], axis=1)
    return total[:, None] * shares


def reports(days: int = DAYS) -> Reports:
    """A report every fortnight, out a week later; `north` is registered anew on day 140."""
    truth = true_counts(days)
    rows = []
    for k in range(3):
        seen = []
        for day in range(k, days, 14):
            high = 1.25 if k == 1 and day < 140 else 1.0
            persons = float(round(high * truth[day, k]))
            seen.append(Row(day, day + 7, persons, anew=k == 1 and 140 <= day < 154))
        rows.append(tuple(seen))
    return Reports(CAMPS, START, days, tuple(rows))


FILES = {
    "input_csv/locations.csv": """#name,region,country,lat,lon,kind,conflict_date,population
Alpha,R,Home,1.0,1.0,conflict_zone,0,50000
Beta,R,Home,1.5,1.0,conflict_zone,10,20000
Gate,R,Home,2.0,1.0,town,,
North,N,Nord,3.0,1.0,camp,,9000
South,S,Sud,0.0,1.0,camp,,1000
""",
    "input_csv/routes.csv": """#name1,name2,distance,forced
Alpha,Gate,100,0
Beta,Gate,50,0
Gate,North,80,0
Alpha,South,70,0
""",
    "input_csv/closures.csv": """#type,name1,name2,start,end
country,Home,Nord,0,20
camp,South,,0,15
""",
    "input_csv/conflicts.csv": "#Day,Alpha,Beta\n"
    + "".join(f"{d},{int(d < 50)},{int(d >= 10)}\n" for d in range(70)),
    "input_csv/sim_period.csv": "StartDate,2030-01-01\nLength,70\n",
    "input_csv/registration_corrections.csv": "#camp,date,how\nNorth,2030-02-10,normalize\n",
    "source_data/data_layout.csv": (
        "total,refugees.csv\nNorth,north.csv\nSouth,south.csv,more.csv\n"
    ),
    "source_data/refugees.csv": "2030-01-01,0\n2030-03-11,3000\n",
    "source_data/north.csv": "2030-01-01,0\n2030-01-31,2000\n2030-02-10,1000\n2030-03-02,1500\n",
    "source_data/south.csv": "2030-01-01,100\n2030-02-01,500\n",
    "source_data/more.csv": "2030-01-11,10\n2030-02-01,20\n",
}


def flee_case(folder: Path, days: int = 70, files: Mapping[str, str] | None = None) -> Case:
    """A Flee folder of the same kind, imported; some files can be other ones."""
    every = FILES | dict(files or {})
    files = {name: text.replace("Length,70", f"Length,{days}") for name, text in every.items()}
    for name, text in files.items():
        path = folder / "flee" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found, findings = read_flee(folder / "flee")
    assert found is not None, findings
    for name, text in case_files(found, "toy").items():
        path = folder / "toy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(folder / "toy")
