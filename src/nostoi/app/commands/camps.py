"""``nostoi camps``: people move over the network of a case and are held against counts in camps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nostoi.app.screen import say

if TYPE_CHECKING:
    from nostoi.study.camps import CampErrors

Agents = Literal["counts", "singly"]


def camps(
    folder: Annotated[Path, typer.Argument(help="A case folder with sites.csv.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder to make, with camps.csv.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed; the case's by default.")] = None,
    replicas: Annotated[int, typer.Option(min=1, help="Runs, with seeds from --seed on.")] = 1,
    hasten: Annotated[int, typer.Option(min=1, help="Persons for whom an agent stands.")] = 1,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE, NAME=A,B,C to sweep, or learned.")
    ] = None,
    agents: Annotated[
        Agents, typer.Option(help="Counts of those alike, or singly: a record for each agent.")
    ] = "counts",
    crew: Annotated[
        str,
        typer.Option(
            "--workers",
            "--cluster",
            help="Processes, 0 = one for each core; or a Dask scheduler, tcp://HOST:PORT.",
        ),
    ] = "1",
) -> None:
    """Let people flee hop by hop, with arrivals as counted, and say how far the camps are off."""
    from nostoi.app.folders import refuse_existing, write_folder
    from nostoi.case.load import load
    from nostoi.present.camps import camps_csv, camps_table
    from nostoi.present.disclosure import Gate
    from nostoi.study.ensemble import Crew, errors_by_ground, play_all, sweep
    from nostoi.study.ensemble import replicas as replicas_of
    from nostoi.study.sets import combinations

    if out is not None:
        refuse_existing(out)
    players = Crew.of(crew)
    case = load(folder)
    sets = combinations(values or [])
    grounds = sweep(case, sets, hasten)
    first_seed = case.spec.seed if seed is None else seed
    jobs = replicas_of(grounds, first_seed, replicas, agents == "singly")
    outcomes = play_all(grounds, jobs, players)
    head = f"{case.spec.name}: {len(outcomes)} run(s), arrivals as counted, capacities as given"
    lines = [head + (", a record for each agent" if agents == "singly" else "")]
    for own, (_, errors) in zip(sets, errors_by_ground(grounds, outcomes), strict=True):
        lines.append(_line(own, errors))
    if out is not None:
        gate = Gate.of(case.spec.disclosure)
        first = [outcome for outcome in outcomes if outcome.job.ground == 0]
        write_folder(out, {"camps.csv": camps_csv(camps_table(grounds[0], first, gate))})
        lines.append(f"  {out / 'camps.csv'}")
    say("\n".join(lines))


def _line(own: dict[str, float], errors: list[CampErrors]) -> str:
    """The mean errors of one set of parameters."""
    from nostoi.rules.hop.params import learned_numbers

    taught = learned_numbers()
    learned = own.keys() >= taught.keys()
    words = ["learned"] if learned else []
    words += [f"{n} = {v:g}" for n, v in own.items() if not learned or taught.get(n) != v]
    named = ", ".join(words) or "as in the case"
    ard = sum(e.ard for e in errors) / len(errors)
    rescaled = sum(e.rescaled for e in errors) / len(errors)
    return f"  {named}: ARD {ard:.3f}, rescaled {rescaled:.3f}"
