"""Floor 1: the science, one small scalar function per mechanism.

Read `moves.py` first: it is the model on one page. Then one file per part of the system:
shock, motives, entry, settling, feeling, money, ties, belief, enforcement, again, rumour,
repression, manpower, and mood (what no rule explains). Each rule carries a card with its unit
and its source; the numbers behind them are in `params.csv`, with unit, prior and source.
"""
