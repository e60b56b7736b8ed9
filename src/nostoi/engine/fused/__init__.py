"""The cohort engine's scan and its record as one pass over memory, with its own derivative.

`cohorts.py` and `account.py` say what is computed; this folder computes the same, faster. The
tests hold values and derivatives of the two together.
"""
