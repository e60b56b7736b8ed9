"""The common work in Starsim 3, run in an environment of its own (`rivals.py`).

    python starsim_model.py PERSONS SEED

One module with states and distributions of Starsim, vectorised over people. Prints one line of
JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np
import starsim as ss

DAYS, HOSTS, GROUPS = 200, 12, 4
WEIGHT = np.exp(-2.0 * np.arange(HOSTS) / 11.0)


class ExitReturn(ss.Module):
    """People leave home and come back."""

    def __init__(self) -> None:
        super().__init__(name="exit_return")
        self.define_states(
            ss.IntArr("place", default=0),
            ss.IntArr("group", default=0),
            ss.FloatArr("since", default=0.0),
            ss.FloatArr("savings", default=ss.expon(scale=10.0)),
            ss.FloatArr("belief", default=0.05),
        )
        self.luck = ss.random(name="luck")
        self.shock = ss.random(name="shock")
        self.where = ss.random(name="where")
        self.counts: list[Any] = []

    def init_post(self) -> None:
        """Groups by identity, once people exist."""
        super().init_post()
        everybody = self.sim.people.auids
        self.group[everybody] = np.asarray(everybody) % GROUPS
        self.sizes = np.bincount(self.group.values, minlength=GROUPS)

    def step(self) -> None:
        """One day of everybody."""
        t = self.ti
        uids = self.sim.people.auids
        place, group = self.place.values, self.group.values
        belief, days = self.belief.values, self.since.values + 1.0
        here = np.bincount(place, minlength=HOSTS + 1)
        alarmed = np.bincount(place[belief > 0.5], minlength=HOSTS + 1)
        there = np.bincount(group * (HOSTS + 1) + place, minlength=GROUPS * (HOSTS + 1))
        peers = there.reshape(GROUPS, HOSTS + 1)[:, 1:] / self.sizes[:, None]
        if t == 20:
            belief = np.maximum(belief, 0.8 * self.shock.rvs(uids))
        signal = 0.0 if t < 20 else 0.8 * 0.5 ** ((t - 20) / 60)
        heard = signal + 0.05 * alarmed / np.maximum(here, 1)
        belief = belief + 0.01 * (heard[place] - belief)
        home = place == 0
        savings = self.savings.values + np.where(home, 1.0, 0.25 - 0.40)
        longing = np.where(days < 45, 0.3, 1.0 + 0.5 * np.minimum(days / 180.0, 1.0))
        leave = 0.004 * np.exp(2.0 * belief) * (savings > 5.0)
        back = 0.003 * np.exp(1.5 * (1.0 - belief) + 0.5 * (savings < 0.0)) * longing
        self.belief[uids], self.savings[uids], self.since[uids] = belief, savings, days
        moves = self.luck.rvs(uids) < -np.expm1(-np.where(home, leave, back))
        leavers, returners = uids[moves & home], uids[moves & ~home]
        shares = np.cumsum(WEIGHT * (1.0 + peers), 1)
        shares /= shares[:, -1:]
        u = self.where.rvs(leavers)
        self.place[leavers] = 1 + (u[:, None] >= shares[self.group[leavers], :-1]).sum(1)
        self.savings[leavers] = self.savings[leavers] - 5.0
        self.place[returners] = 0
        self.since[leavers] = 0.0
        self.since[returners] = 0.0
        self.counts.append(np.bincount(self.place.values, minlength=HOSTS + 1))


def main() -> None:
    """Plays the work once."""
    persons, seed = int(sys.argv[1]), int(sys.argv[2])
    begun = time.perf_counter()
    module = ExitReturn()
    sim = ss.Sim(
        n_agents=persons, modules=module, start=ss.date("2030-01-01"), dt=ss.days(1),
        dur=ss.days(DAYS - 1), rand_seed=seed, verbose=0, copy_inputs=False,
    )  # fmt: skip
    sim.init()
    prepared = time.perf_counter(), time.process_time()
    sim.run()
    done = time.perf_counter(), time.process_time()
    found = {
        "version": f"Starsim {ss.__version__}", "counts": np.array(module.counts).tolist(),
        "wall": done[0] - prepared[0], "cpu": done[1] - prepared[1],
        "before": prepared[0] - begun,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
