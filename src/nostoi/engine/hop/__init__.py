"""Movement over a network, hop by hop: people who flee choose road after road.

    from nostoi.case.space import camp_counts, space_of
    from nostoi.engine.hop.arrivals import observed_inflow
    from nostoi.engine.hop.run import run
    from nostoi.rules.hop.params import hop_params

    space, counts = space_of(case), camp_counts(case)
    p = hop_params({"hop_speed": 300})
    result = run(space, observed_inflow(space, counts, p), p, seed=1)
    result.persons                  # whole persons at each site in the evening, [day, site]

`Inflow` is what the engine is told of the outside: persons in each camp at the start, newcomers by
day, and what each camp holds. Whoever forecasts makes one without looking at later counts.

    rows.py      what a rule reads, by name
    paths.py     paths of a few legs from every site
    table.py     counts by state, in a table that adds up
    memory.py    arrays without owners for the loops
    choice.py    what a place and a path are to the rules
    kernels.py   one day: who goes, where to, who arrives
    records.py   the same person by person, with a record for each (`run.play_singly`)
    compiled.py  kernels and rules as one compiled text
    arrivals.py  inflow from what was counted
    run.py       days one after the other

People in the same place and state are alike to every rule, so the engine keeps counts of them and
draws how many go and where with binomial numbers: the same law as one by one, at the cost of
states. Random numbers hang on (seed, step, state, day), so no order of work can change a run.
"""
