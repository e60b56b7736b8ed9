"""A small invented conflict as a Flee folder, for tests that need no data from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "input_csv/locations.csv": (
        "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "Alta,North,Home_Land,10.5,20.5,conflict_zone,0,50000\n"
        "Béla,North,Home_Land,10.7,20.9,conflict_zone,5,20000\n"
        "Cross,South,Home_Land,10.1,21.4,town,,\n"
        "Mark,South,Home_Land,10.0,21.6,marker,,\n"
        "Camp_One,East,Abroad,10.2,22.5,camp,,9000\n"
        "Camp_Two,East,Abroad,9.5,22.1,camp,,0\n"
        "Camp_Home,South,Home_Land,9.9,20.8,idpcamp,,4000\n"
    ),
    "input_csv/routes.csv": (
        "#name1,name2,distance,forced_redirection,link_type\n"
        "Alta,Béla,80,0,drive\n"
        "Béla,Cross,120.5,,\n"
        "Cross,Mark,40,2,walk\n"
        "Mark,Camp_One,110,0,\n"
        "Cross,Camp_Two,300,0,\n"
        "Cross,Camp_Home,60,0,\n"
    ),
    "input_csv/closures.csv": (
        "#closure_type,name1,name2,closure_start,closure_end\n"
        "country,Home_Land,Abroad,3,7\n"
        "camp,Camp_Two,,0,6\n"
        "location,Camp_Home,,8,-1\n"
    ),
    "input_csv/conflicts.csv": "#Day,Alta,Béla\n"
    + "".join(f"{day},{int(day < 9)},{int(day >= 5)}\n" for day in range(12)),
    "input_csv/registration_corrections.csv": "Camp_One,2030-01-09,normalize\n",
    "input_csv/sim_period.csv": "StartDate,2030-01-01\nLength,12\n",
    "source_data/data_layout.csv": (
        "total,refugees.csv\nCamp_One,one.csv,more.csv\nCamp_Two,two.csv\nCamp_Home,home.csv\n"
    ),
    "source_data/refugees.csv": "2030-01-01,100\n2030-01-12,3000\n",
    "source_data/one.csv": "2030-01-01,50\n2030-01-05,400\n2030-01-09,300\n2030-01-12,900\n",
    "source_data/more.csv": "2030-01-01,0\n2030-01-12,110\n",
    "source_data/two.csv": "2029-12-30,0\n2030-01-10,1000\n",
    "source_data/home.csv": "2030-01-01,50\n2030-01-12,500\n",
}


@pytest.fixture
def flee(tmp_path: Path) -> Path:
    """The folder on disk."""
    folder = tmp_path / "invented"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
