"""Journeys: how people get from their town to a host and home again, leg by leg.

`plan` finds the best way from every town to every goal on a date, given how long the queues are;
`queue` is the arithmetic of one queue; `travellers` keeps who is where; `day` moves everybody by a
day: they set out, join queues, are let through in the order of coming, change their way when
another one has become better, and turn back when none is left. `roads` adds what is assumed of
travellers. Nothing here knows why people go: an engine says who wants to go where, and reads who
arrived. No step draws a random number, and no person is lost or made.

The price of a way is its generalised cost, in money of the origin:

    cost = sum over legs of (price + day_value x (days + wait at the leg's gate))

where `day_value` is what a day on the way is worth to a person.
"""
