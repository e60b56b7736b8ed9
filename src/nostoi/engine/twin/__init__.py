"""The plain twin: the whole model in five short files, one person at a time.

It is kept as an explanation and as a judge: with the same seed it must lead every single person
through the same life as the agent engine. It shares with that engine the rules, the world, the
roads and the random numbers, and nothing else.

    life.py    what people decide, and what they hear and believe; start reading at `Twin.play`
    own.py     columns that people have for themselves, where a run has any
    choice.py  choices from a person's luck
    ways.py    which way is best under the queues of the moment
    roads.py   how they travel, wait in queues and arrive; start reading at `Journeys.play`
"""

from nostoi.engine.twin.choice import longest_rule, pick
from nostoi.engine.twin.life import Person, Twin

__all__ = ["Person", "Twin", "longest_rule", "pick"]
