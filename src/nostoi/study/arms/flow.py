"""The flow model: who arrives where, and who leaves, from outbreaks, roads and a few parameters.

    drive(z, t)  = [outbreak now] * people(z)^g * e^(-age / fade)
    arrivals(t)  = size * (base + onset * mean of drive over zones)
    share(c, t) ~ e^(appeal of c) * sum over zones of drive * ((50 km + way) / 500 km)^(-b)
    net flow     = share * arrivals - return rate of c * persons in c

Parameters are a cloud [member, parameter]; all of it works on the whole cloud at once. Only what
a reader of day `known` can know of outbreaks, closures and openings enters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.base.normals import normals
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.trust import Trust

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON = ("distance", "size", "fade", "return", "onset", "base")
"""Parameters of the whole case; after them come appeal and return of each camp."""

NEAR_KM, FAR_KM = 50.0, 500.0
SPREAD = {"distance": 0.4, "size": 0.3, "fade": 0.8, "return": 1.2, "onset": 1.2, "base": 1.5}
"""Standard deviations of the priors, of logarithms but for `size`."""
RETURN_SD = 1.0
"""How much the camps' return rates differ, log."""
MOST_RETURN = 0.05
"""Per day."""


@dataclass(frozen=True)
class Switches:
    """Mechanisms that can be switched off, to see what each is worth.

    Attributes:
        network: roads and distance decide shares before a camp has a history; else all alike.
        outbreaks: arrivals rise with outbreaks and fade after them; else only the base.
        returns: camps lose people; else they only gain.
        flows: the flow model at all; else counts stay as they are, with errors around them.
    """

    network: bool = True
    outbreaks: bool = True
    returns: bool = True
    flows: bool = True


@dataclass(frozen=True)
class Rates:
    """Shares of arrivals [member, day, camp], arrivals per person in camps and day [member, day],
    and return rates per day [member, camp].
    """

    share: Floats
    arrivals: Floats
    back: Floats

    def net(self, day: int, persons: Floats, size: Floats | float) -> Floats:
        """Net flow into each camp, persons a day [member, camp], on the day-th of the days."""
        here = size * self.share[:, day] * self.arrivals[:, day, None]
        return np.asarray(here - self.back * persons)


def prior(trust: Trust, camps: int, members: int, seed: int) -> Floats:
    """Draws from the prior [member, parameter]."""
    z = normals(seed, "arms-prior", members, len(COMMON) + 2 * camps)
    centre = {
        "distance": np.log(trust.distance_power),
        "size": trust.size_power,
        "fade": np.log(trust.fade_days),
        "return": np.log(trust.return_rate),
        "onset": np.log(trust.onset_rate),
        "base": np.log(trust.base_rate),
    }
    for k, name in enumerate(COMMON):
        z[:, k] = centre[name] + SPREAD[name] * z[:, k]
    first = len(COMMON)
    z[:, first : first + camps] *= trust.appeal_sd
    z[:, first + camps :] *= RETURN_SD
    return z


def rates(ground: Ground, cloud: Floats, days: Ints, known: int, switches: Switches) -> Rates:
    """Shares, arrivals and returns on some days, as a reader of day `known` expects them."""
    camps = len(ground.camps)
    part = {name: cloud[:, k] for k, name in enumerate(COMMON)}
    appeal, own_back = np.split(cloud[:, len(COMMON) :], [camps], axis=1)
    age = ground.age(days, known)
    people = np.exp(part["size"][:, None] * np.log(ground.persons / 1e5))  # [member, zone]
    age_of = age[None].astype(float)
    fading = np.exp(-np.maximum(age_of, 0.0) / np.exp(part["fade"])[:, None, None])
    driven = np.where(age_of >= 0, people[:, None] * (fading if switches.outbreaks else 1.0), 0.0)
    share = _shares(ground, part, driven, np.minimum(days, known), switches) * np.exp(
        appeal[:, None]
    )
    share *= ground.is_open[np.minimum(days, known)][None]
    share /= np.maximum(share.sum(2, keepdims=True), 1e-300)
    all_people = people @ ground.listed[np.minimum(days, known)].T.astype(float)
    onset = np.exp(part["onset"])[:, None] * driven.sum(2) / np.maximum(all_people, 1e-300)
    arrivals = np.exp(part["base"])[:, None] + (1.0 if switches.outbreaks else 0.0) * onset
    back = np.minimum(np.exp(part["return"][:, None] + own_back), MOST_RETURN)
    on = 1.0 if switches.flows else 0.0
    return Rates(share, on * arrivals, back * (on if switches.returns else 0.0))


def _shares(
    ground: Ground, part: dict[str, Floats], driven: Floats, at: Ints, switches: Switches
) -> Floats:
    """Pull of each camp on those on the move [member, day, camp], before its own appeal."""
    if not switches.network:
        return np.ones((len(driven), len(at), len(ground.camps)))
    power = np.exp(part["distance"])[:, None, None]
    found = np.empty((len(driven), len(at), len(ground.camps)))
    for state in np.unique(ground.state[at]):
        days = ground.state[at] == state
        pull = np.exp(-power * np.log((NEAR_KM + ground.km[state]) / FAR_KM)[None])
        # Before any outbreak all zones count a little, so that shares exist.
        little = 1e-9 * ground.listed[at[days]] + 1e-30
        found[:, days] = np.matmul(driven[:, days] + little, pull)
    return found
