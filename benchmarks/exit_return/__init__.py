"""The common work "exit-return": a small model that any agent-based toolkit can run.

N persons, 200 daily steps, places 0 = home and 1..12 = hosts, 4 groups. State per person: place,
days since the last move, savings (months), belief (0..1), group. Start: everybody at home, savings
exponential with mean 10, belief 0.05. A day, with decisions on what was known last evening:

0. On day 20 only: belief becomes max(belief, 0.8 u), u uniform.
1. belief += 0.01 (s(t) + rumour[place] - belief); s = 0 before day 20, then 0.8 x 0.5^((t-20)/60);
   rumour = 0.05 x share of the persons in the place with belief > 0.5.
2. savings += 1 at home, 0.25 - 0.40 abroad; days += 1.
3. At home: leave with probability 1 - exp(-0.004 exp(2 belief) [savings > 5]); destination d in
   proportion to W[d] (1 + n[g,d] / n[g]), W[d] = exp(-2 (d-1) / 11); savings -= 5, days = 0.
4. Abroad: return with probability 1 - exp(-0.003 exp(1.5 (1 - belief)) exp(0.5 [savings < 0]) w),
   w = 0.3 below 45 days, else 1 + 0.5 min(days / 180, 1); days = 0.
5. Counts by place.

    python -m benchmarks.exit_return [--rivals] [--quick]

measures all contenders and writes benchmarks/exit-return.md. One file per contender: `engine.py`
(this project, with `rules.py`), `by_hand.py` (a Numba kernel), `vectors.py` (NumPy),
`mesa_model.py`, `starsim_model.py`.
"""
