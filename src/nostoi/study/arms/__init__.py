"""Honest forecasts of camps: what would have been said on a day, from what was published by then.

    case = load("cases/mali2012")
    reports = reports_of(case)                  # every count with the day on which it came out
    ground = ground_of(case)                    # distances, outbreaks and openings by day
    belief = learn(ground, reports, 61, trust)  # ensemble Kalman inversion on what day 61 knows
    ahead = look_ahead(belief, (30, 60, 90))    # forecast: counts [horizon, member, camp]
    shares = no_peeking(...)                    # the total known, the camps not

`reports` is the only door to the counts, and asks for the day on which the reader stands. What a
later day changes cannot reach an earlier forecast; `tests/study/arms` disturbs the future and
finds the same bytes. `scores` holds forecasts against what came, beside the rivals of `rivals`.
"""
