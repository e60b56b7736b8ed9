"""What an engine writes down: persons by step, in arrays with named axes."""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any
"""A NumPy or JAX array."""


class Record(NamedTuple):
    """Flows within each step and stocks at its end; persons. The first axis is the step.

    rule runs over any, 3m, 6m, 12m (`base.phases.RULES`): stocks abroad count those whose last
    move is at least that long ago; returned counts those who had been in their last host at
    least that long and have been home again at least that long.
    """

    leave: Array  # first departures by group, [step, group]
    again: Array  # departures of people who had come back, [step, group]
    leave_to: Array  # first and new departures by destination, [step, host]
    arrive: Array  # arrivals in hosts from any place, [step, host]
    arrive_on: Array  # onward movers on their way to each host, [step, host]
    go_home: Array  # departures for home by host, [step, host]
    go_on: Array  # departures for another host by host, [step, host]
    go_home_group: Array  # departures for home by group, [step, group]
    exits: Array  # all departures from a host by residence rule, [step, rule, host]
    onward: Array  # moves between hosts over all steps, [host, host]
    abroad: Array  # stock abroad, [step, rule, host]
    abroad_group: Array  # stock abroad by group and rule, [step, rule, group]
    on_the_way: Array  # persons on a journey out or back, [step]
    returned: Array  # stock of returned by rule and group, [step, rule, group]
    returned_once: (
        Array  # stock of returned, abroad at least (rule) before, home any time, [step, rule]
    )
    home: Array  # persons who never left, [step, group]
    called_up: Array  # called up so far, [step, group]
    belief: Array  # felt chance of call-up at home, [step, group]
    rumour: Array  # share who spread a rumour at home, [step, group]
    exposed_arrive: Array  # arrivals of exposed people by host, [step, host]
    exposed_exit: Array  # departures of exposed people by host, [step, host]
