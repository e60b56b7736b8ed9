"""Network and outside without owners, compiled with the kernels."""

from __future__ import annotations

from typing import Any

from nostoi.engine.hop.memory import bare
from nostoi.engine.hop.rows import Network, Outside


def bare_network(net: Any) -> Any:
    """A network as bare memory."""
    return Network(
        bare(net.road_km), bare(net.foreign), bare(net.kind), bare(net.path_of),
        bare(net.path_end), bare(net.path_km), bare(net.leg_of), bare(net.leg_road),
        bare(net.leg_site), bare(net.leg_from),
    )  # fmt: skip


def bare_outside(out: Any) -> Any:
    """The outside as bare memory."""
    return Outside(
        bare(out.intensity), bare(out.fade), bare(out.closed), bare(out.no_camp),
        bare(out.newcomers), bare(out.start_weight), bare(out.limit),
    )  # fmt: skip
