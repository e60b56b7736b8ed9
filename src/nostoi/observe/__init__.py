"""Floor 3: institutions that count, badly. One family of sources per file.

Every observer has three methods (pomp's grid): `expected` (what it would show on average),
`draw` (a figure it might publish) and `loglik` (how likely the published figure is).
"""
