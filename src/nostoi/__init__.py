"""Nostoi: who leaves after a shock, who stays away, and who quietly comes home.

*Nostoi* were the songs of the returns from Troy. This package is about the returns that nobody
counts: people leave a country within days of a decree, are seen at some borders and in some
registers, and part of them come back without telling anyone. Every published figure (a border
count, a permit, a survey share, an official's claim) sees a part of that through its own
definition. Nostoi puts the figures beside one model of people's moves and says what they leave
open: how many left, how many are still away, how many returned under every rule of residence, and
how many of those would leave again if they could pay for it.

A crisis is a *case*: a folder of plain tables and short YAML files, with no code in it. The house
has floors, and each floor imports only from those below it:

====  ======================  ==================================================================
  7   ``app``                 the shell and the local page
  6   ``present``             everything that leaves passes the disclosure control here
  5   ``study``               scenarios, forecasts, comparisons, scores
  4   ``infer``               priors, posterior, samplers, checks
  3   ``engine | observe``    people moving, and the ways in which they get counted
  2   ``case``                read, resolve and check a case folder
  1   ``world | rules``       places and laws, and the rules of behaviour
  0   ``base``                errors, calendar, numbers
====  ======================  ==================================================================

Importing ``nostoi`` imports nothing heavy; take what you need from the floors.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
