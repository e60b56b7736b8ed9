"""Movement over a network, hop by hop: who sets out, where to, and who stays.

    steps.py     the rules, one scalar function each, in the order of a day
    params.csv   their parameters, with unit, prior and source
    params.py    these as named numbers

The rules reproduce those of the simulator Flee, written from a description of what it does; what
Flee does not have (going home, moving on) stands at the end and is switched off.
"""
