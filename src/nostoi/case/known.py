"""Words that are known outside the case folder: parameters, rules, and codes of places."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from functools import cache
from importlib import resources

_ISO3 = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR
    BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG
    COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH
    FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
    HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM
    KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL
    MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
    NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU
    SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
    TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB
    VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    """.split()
)
NEUTRAL = frozenset({"ALL", "ROW", "EU", "EEA", "SCHENGEN", "CIS", "ABK", "OST", "XKX"})
"""Codes that published figures use for the whole world, groups of states, and territories."""

_REGION = re.compile(r"([A-Z]{2,3})-[\w-]+")


def is_place_code(code: str, places: Collection[str]) -> bool:
    """Whether a ledger or a signal may name this place.

    Fit: a place of the world, an ISO 3166 alpha-3 code, a neutral code, a region of one
    (``KAZ-KST``), or several of these with semicolons between them.
    """
    known = _ISO3 | NEUTRAL | set(places)
    return all(part in known or _is_region(part, known) for part in code.split(";"))


def _is_region(code: str, known: Collection[str]) -> bool:
    """Whether a code is a region of a known place."""
    match = _REGION.fullmatch(code)
    return match is not None and match[1] in known


@cache
def known_params() -> frozenset[str]:
    """Names of the parameters that Nostoi ships (rules/params.csv and rules/hop/params.csv)."""
    return _names("params.csv") | _names("hop/params.csv")


@cache
def known_rules() -> frozenset[str]:
    """Names of the rules on the page of the model."""
    from nostoi.rules.moves import RULES

    return frozenset(rule.name for rule in RULES)


def _names(table: str) -> frozenset[str]:
    """The column `name` of a table of the floor below."""
    path = resources.files("nostoi.rules").joinpath(table)
    if not path.is_file():
        return frozenset()
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return frozenset(row["name"] for row in rows)


@cache
def open_params() -> frozenset[str]:
    """Parameters that no evidence speaks of: held in a fit, with a spread for scenarios."""
    from nostoi.rules.params import shipped

    return frozenset(p.name for p in shipped() if p.kind == "fixed" and p.sd != 0)
