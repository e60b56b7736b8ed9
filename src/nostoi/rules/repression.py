"""S14 Repression and freedom: a second kind of risk, with its own people."""

from __future__ import annotations

from typing import Any

from nostoi.rules.card import able, pull, push


@push("leave", "leave_again", source="OVD-Info; AFP 2023-08 (the sister)", part="S14")
def persecuted(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Open opponents leave when repression grows."""
    return p.repression * now.repression * who.activism


@able("go_home", source="EUI OutRush 2024 (fear of persecution)", part="S14")
def way_back_open(who: Any, at: Any, now: Any, p: Any) -> Any:
    """For political exiles the way back is nearly closed."""
    return 1.0 - p.exile_bar * who.activism


@pull(source="AFP 2023-08 (a feeling of freedom)", part="S14")
def freedom_there(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Free places draw those at odds with the state."""
    return p.freedom * at.freedom * who.activism
