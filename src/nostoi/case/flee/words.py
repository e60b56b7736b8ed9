"""Words of Flee's settings: what each is without being set, and which hop parameter it is here."""

from __future__ import annotations

from collections.abc import Mapping

Word = tuple[float, str]
"""Value where it does nothing beyond our rules, and the name of our parameter ("" = none)."""

IDLE = ("log_levels", "optimisations")
"""Sections that change no result here."""

WORDS: Mapping[str, Mapping[str, Word]] = {
    "log_levels": {},
    "optimisations": {},
    "spawn_rules": {
        "take_from_population": (0, ""),
        "insert_day0": (1, "start_in_camps"),
        "empty_camps_on_day0": (0, ""),
        "conflict_zone_spawning_only": (1, ""),
        "sum_from_camps": (1, "arrivals_from_camps"),
        "conflict_spawn_decay": (0, ""),
        "average_social_connectivity": (3, ""),
    },
    "move_rules": {
        "max_move_speed": (360, "hop_speed"),
        "max_walk_speed": (35, ""),
        "max_crossing_speed": (20, ""),
        "foreign_weight": (1, "foreign_weight"),
        "camp_weight": (1, "camp_weight"),
        "conflict_weight": (0.316, "conflict_weight"),
        "conflict_movechance": (1, "conflict_chance"),
        "camp_movechance": (0.001, "camp_chance"),
        "idpcamp_movechance": (0.1, "idp_camp_chance"),
        "default_movechance": (0.3, "town_chance"),
        "awareness_level": (1, "look_ahead"),
        "capacity_buffer": (0.9, "capacity_buffer"),
        "capacity_scaling": (1, "capacity_scale"),
        "softening": (10, "softening"),
        "weight_softening": (0, "weight_softening"),
        "weight_power": (1, "weight_power"),
        "distance_power": (1, "distance_power"),
        "avoid_short_stints": (0, "no_short_stints"),
        "start_on_foot": (0, ""),
        "stay_close_to_home": (0, ""),
        "home_distance_power": (0.5, ""),
        "use_pop_for_loc_weight": (0, ""),
        "pop_power_for_loc_weight": (0.1, ""),
        "movechance_pop_base": (10000, ""),
        "movechance_pop_scale_factor": (0, ""),
        "pruning_threshold": (1, ""),
        "fixed_routes": (0, ""),
    },
}
