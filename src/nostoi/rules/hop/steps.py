"""The rules of movement over a network, in the order in which a day reads them.

Each is a function (who, here, there, p) of plain numbers; truth is 1 and untruth 0.

`who`:   pace (way of late over a day's way), today (way made today over a day's way)
`here`:  conflict, town, camp, idp_camp (what the place is today)
`there`: foreign, camp, conflict, intensity, fade (as above; intensity of the conflict, draw left
         of it), km (of the whole path), persons (there last), limit (what it holds), pull, room
`p`:     the parameters of `params.csv`
"""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import Rule, hop

FLEE = "rule of Flee 3 (Suleimenova, Bell, Groen 2017), from its description and source"
OURS = "Nostoi"


@hop("start", unit="weight", source=FLEE, part="S1")
def driven_out(who: Any, here: Any, there: Any, p: Any) -> Any:
    """People start from places in conflict, by their population, and fewer as it ages."""
    return there.population * there.intensity * there.fade


@hop("leave", unit="share per day", source=FLEE, part="S2")
def sets_out(who: Any, here: Any, there: Any, p: Any) -> Any:
    """Whoever is in a conflict goes on at once, in a town soon, in a camp hardly ever."""
    return (
        here.conflict * p.conflict_chance
        + here.town * p.town_chance
        + here.idp_camp * p.idp_camp_chance
        + here.camp * (1.0 - (1.0 - p.camp_chance) * (1.0 - p.onward_rate))
        + (1.0 - here.conflict - here.town - here.idp_camp - here.camp)
    )


@hop("leave", unit="0 or 1", source=FLEE, part="S2")
def no_stop_yet(who: Any, here: Any, there: Any, p: Any) -> Any:
    """Who reaches a town today with less than half a day's way of late does not stop there."""
    short = 0.5 * (who.pace + who.today) < 0.5
    return here.town * p.no_short_stints * (who.today > 0.0) * short


@hop("choose", unit="weight", source=FLEE, part="S3")
def draw(who: Any, here: Any, there: Any, p: Any) -> Any:
    """Places abroad and camps draw by their weights, places in conflict less."""
    abroad = 1.0 + there.foreign * (p.foreign_weight - 1.0)
    housed = 1.0 + there.camp * (p.camp_weight - 1.0)
    fear = p.conflict_weight ** (there.conflict * there.intensity * there.fade)
    return p.weight_softening + abroad * housed * fear


@hop("choose", unit="1/km", source=FLEE, part="S2")
def nearness(who: Any, here: Any, there: Any, p: Any) -> Any:
    """A far place draws less than a near one."""
    return (p.softening + there.km) ** (-p.distance_power)


@hop("choose", unit="share 0..1", source=FLEE, part="S4")
def room(who: Any, here: Any, there: Any, p: Any) -> Any:
    """A camp takes people freely until it is nearly full, then fewer, and none when it is."""
    free = (there.limit - there.persons) / ((1.0 - p.capacity_buffer) * max(there.limit, 1.0))
    return min(max(free, 0.0), 1.0) if there.limit >= 1.0 else 1.0


@hop("choose", unit="weight", source=FLEE, part="S3")
def weight(who: Any, here: Any, there: Any, p: Any) -> Any:
    """A path is taken in proportion to the draw, nearness and room of its end, sharpened."""
    return (there.pull * there.room) ** p.weight_power


@hop("go_home", unit="share per day", source=OURS, part="S11")
def goes_home(who: Any, here: Any, there: Any, p: Any) -> Any:
    """Some of those in camps go home for good; switched off unless a case says otherwise."""
    return (here.camp + here.idp_camp) * p.home_rate


STEPS: tuple[Rule, ...] = (
    driven_out, goes_home, sets_out, no_stop_yet, draw, nearness, room, weight,
)  # fmt: skip
"""All rules of movement over a network, in the order of a day."""
