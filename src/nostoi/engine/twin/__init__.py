"""The plain twin: the whole model in three short files, one person at a time.

It is kept as an explanation and as a judge: with the same seed it must lead every single person
through the same life as the agent engine. It shares with that engine the rules, the world, the
roads and the random numbers, and nothing else.

    life.py    what people decide, and what they hear and believe; start reading at `Twin.play`
    ways.py    which way is best under the queues of the moment
    roads.py   how they travel, wait in queues and arrive; start reading at `Journeys.play`
"""

from nostoi.engine.twin.life import Person, Twin, longest_rule, pick

__all__ = ["Person", "Twin", "longest_rule", "pick"]
