"""The common work in Mesa 3, run in an environment of its own (`rivals.py`).

    python mesa_model.py PERSONS SEED

One agent per person with one step per day, as the manual of Mesa teaches. Prints one line of JSON.
"""

from __future__ import annotations

import bisect
import json
import math
import resource
import sys
import time

import mesa
import numpy as np

DAYS, HOSTS, GROUPS = 200, 12, 4
WEIGHT = [math.exp(-2.0 * d / 11.0) for d in range(HOSTS)]


class Person(mesa.Agent):
    """A person; what is known of others is that of last evening."""

    def __init__(self, model: Work, group: int, savings: float) -> None:
        super().__init__(model)
        self.group, self.savings = group, savings
        self.place, self.days, self.belief = 0, 0, 0.05

    def step(self) -> None:
        """One day."""
        model = self.model
        uniform = model.random.random
        if model.t == 20:
            self.belief = max(self.belief, 0.8 * uniform())
        self.belief += 0.01 * (model.heard[self.place] - self.belief)
        self.days += 1
        if self.place == 0:
            self.savings += 1.0
            if self.savings > 5.0:
                chance = 1.0 - math.exp(-0.004 * math.exp(2.0 * self.belief))
                if uniform() < chance:
                    shares = model.shares[self.group]
                    self.place = 1 + bisect.bisect(shares, uniform() * shares[-1], 0, HOSTS - 1)
                    self.savings -= 5.0
                    self.days = 0
        else:
            self.savings += 0.25 - 0.40
            rate = 0.003 * math.exp(1.5 * (1.0 - self.belief))
            if self.savings < 0.0:
                rate *= math.exp(0.5)
            rate *= 0.3 if self.days < 45 else 1.0 + 0.5 * min(self.days / 180.0, 1.0)
            if uniform() < 1.0 - math.exp(-rate):
                self.place = self.days = 0


class Work(mesa.Model):
    """Everybody, and what a place knows of its people."""

    def __init__(self, persons: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.t = 0
        savings = np.random.default_rng(seed).exponential(10.0, persons)
        for i in range(persons):
            Person(self, i % GROUPS, float(savings[i]))
        self.look()

    def look(self) -> None:
        """Counts of the evening."""
        self.count = [0] * (HOSTS + 1)
        alarmed = [0] * (HOSTS + 1)
        there = [[0] * (HOSTS + 1) for _ in range(GROUPS)]
        for person in self.agents:
            place = person.place
            self.count[place] += 1
            alarmed[place] += person.belief > 0.5
            there[person.group][place] += 1
        signal = 0.0 if self.t < 20 else 0.8 * 0.5 ** ((self.t - 20) / 60)
        pairs = zip(alarmed, self.count, strict=True)
        self.heard = [signal + 0.05 * a / max(n, 1) for a, n in pairs]
        self.shares = []
        for row in there:
            weights = [w * (1.0 + n / sum(row)) for w, n in zip(WEIGHT, row[1:], strict=True)]
            self.shares.append(list(np.cumsum(weights)))

    def step(self) -> None:
        """One day of everybody."""
        self.agents.do("step")
        self.t += 1
        self.look()


def main() -> None:
    """Plays the work once."""
    persons, seed = int(sys.argv[1]), int(sys.argv[2])
    begun = time.perf_counter()
    model = Work(persons, seed)
    prepared = time.perf_counter(), time.process_time()
    counts = []
    for _ in range(DAYS):
        model.step()
        counts.append(list(model.count))
    done = time.perf_counter(), time.process_time()
    found = {
        "version": f"Mesa {mesa.__version__}", "counts": counts, "wall": done[0] - prepared[0],
        "cpu": done[1] - prepared[1], "before": prepared[0] - begun,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
