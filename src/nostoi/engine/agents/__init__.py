"""The agent engine: people one by one, compiled from the very texts of the rules.

The cohort engine moves expected numbers between cells. Here each person who has ever left has a
record: savings, place, days since the last move, and the longest stay. People who never left and
are alike in all that a rule reads are counted, not listed; they get a record when they leave.

    lift.py       the text of a rule, with names replaced by places in arrays
    slots.py      the factors that the rules fill in
    kernels.py    a day of one person after the other, as loops that compile
    blocks.py     the same for many people, with one random word where that is enough
    own.py        columns that people have for themselves
    drifts.py     the text of what changes those columns
    evening.py    where people are, kept from day to day
    bounds.py     how large a personal factor can be at most
    chance.py     exact binomial numbers
    vocabulary.py the functions that a rule may call, for one person
    compiled.py   kernels kept between runs
    columns.py    the arrays and their names
    scene.py      what the rules read, day by day
    crowd.py      the population at the start
    travel.py     journeys leg by leg, through queues, where a case has roads
    whereabouts.py where people are on them, and the legs of a day
    luck.py       random numbers of many persons at once
    contacts.py   rumours over an explicit network, as another provider of the same field
    tally.py      from counts to the record
    order.py      what a run is asked for and what it leaves behind
    days.py       days one after the other
    run.py        the engine as a function

The step is a day. Everybody decides on what was known the evening before, so that neither order
nor workers matter.
"""
