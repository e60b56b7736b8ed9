"""NumPyro's no-U-turn sampler on the whitened density, one draw at a time.

A chain is a function of (target, whitening, settings, its number) only: not of how the work
was cut in chunks, of the other chains or of how often it was interrupted.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray
from numpyro.infer.hmc import hmc
from numpyro.infer.util import ParamInfo

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.target import Target, framed
from nostoi.infer.whiten import Whitening

Arrays = dict[str, NDArray[Any]]
FIELDS = ("z", "logp", "accept", "steps", "diverging", "energy", "step_size")
SHRINKS = 30


@dataclass(frozen=True)
class Settings:
    """How to sample.

    chains, warmup, draws: numbers; seed: chain c uses the key fold_in(seed, c);
    chunk: draws between two savings; accept: acceptance that the step size aims at;
    max_depth: at most 2**max_depth - 1 steps a draw, warmup_depth: the same in the warm-up;
    mass: what the warm-up learns of the widths, on top of the whitening (in a cohort model of
    180 unknowns, learning them from 250 draws doubled the steps: the curvature knew better);
    spread: starts are mode + scale @ (spread * N(0, 1)); step_size: of the first draw;
    tuning: of the warm-up's draws, how many look for the step size that gives `accept` (None =
    all); adapt: False keeps `step_size` throughout. Settings that differ in no more than
    warm-up, `adapt`, `step_size`, seed and numbers share their compiled code.
    """

    chains: int = 4
    warmup: int = 500
    draws: int = 700
    seed: int = 1
    chunk: int = 50
    accept: float = 0.8
    max_depth: int = 10
    warmup_depth: int = 9
    mass: Literal["identity", "diagonal", "dense"] = "identity"
    spread: float = 1.0
    step_size: float = 0.3
    tuning: int | None = None
    adapt: bool = True


class Sampler:
    """Starts, advances, saves and restores chains; compiled once for all of them."""

    def __init__(self, target: Target, whitening: Whitening, settings: Settings) -> None:
        self.settings = settings
        self._tuning = settings.warmup if settings.tuning is None else settings.tuning
        self._target = target
        self._density, frame = framed(target)
        held = (whitening.centre, whitening.scale, frame)
        self._shape = jax.tree.map(jnp.asarray, held)
        self._begin, self._kernel = hmc(potential_fn_gen=self._potential, algo="NUTS")
        blank = jnp.zeros(target.dim)
        outline = jax.eval_shape(
            self._fresh, blank, blank[0], blank, jax.random.PRNGKey(0), *self._shape
        )
        self._outline, self._tree = jax.tree.flatten(outline)
        self._step = jax.jit(self._one)
        self._new = jax.jit(self._fresh)
        self._energy = jax.jit(lambda w, *shape: jax.value_and_grad(self._potential(*shape))(w))

    def moved(self, target: Target, whitening: Whitening, seed: int) -> Sampler:
        """The same sampler in another frame and whitening of its target; compiles nothing anew."""
        other = copy.copy(self)
        other.settings = replace(self.settings, seed=seed)
        held = (whitening.centre, whitening.scale, framed(target)[1])
        other._shape = jax.tree.map(jnp.asarray, held)
        return other

    def start(self, chain: int) -> Any:
        """State of a chain before its first draw; N502 when no finite start is found."""
        key = jax.random.fold_in(jax.random.PRNGKey(self.settings.seed), chain)
        place, run = jax.random.split(key)
        w = self.settings.spread * jax.random.normal(place, (self._target.dim,))
        for _ in range(SHRINKS):
            value, slope = self._energy(w, *self._shape)
            if np.isfinite(value) and np.isfinite(slope).all():
                return self._plain(self._new(w, value, slope, run, *self._shape))
            w = 0.5 * w
        raise NostoiError(
            Finding(
                number=502,
                what=f"chain {chain} found no start with a finite log density near the mode",
                do="look at the mode: its log density must be finite around it too",
            )
        )

    def prepare(self) -> None:
        """Compiles a draw without making one, so that the compile cache holds it."""
        self._step.lower(self.start(0), *self._shape).compile()

    def advance(self, state: Any, draws: int, tick: Callable[[int], None]) -> tuple[Any, Arrays]:
        """Next `draws` draws of a chain: its new state and arrays [draw, ...] by field.

        tick(steps) is called after every draw with its number of leapfrog steps.
        """
        rows: list[dict[str, Any]] = []
        for _ in range(draws):
            state, row = self._step(state, *self._shape)
            rows.append({name: np.asarray(value) for name, value in row.items()})
            tick(int(rows[-1]["steps"]))
        return state, {name: np.stack([row[name] for row in rows]) for name in FIELDS}

    def pack(self, state: Any) -> Arrays:
        """A state as named arrays, with the random key and all that the warm-up has learnt."""
        leaves = jax.tree.leaves(state)
        return {f"leaf_{i:02d}": np.asarray(leaf) for i, leaf in enumerate(leaves)}

    def unpack(self, packed: Arrays) -> Any:
        """The state that `pack` was given, to the last bit."""
        leaves = [jnp.asarray(packed[f"leaf_{i:02d}"]) for i in range(len(self._outline))]
        return jax.tree.unflatten(self._tree, leaves)

    def _potential(self, centre: Array, scale: Array, frame: Any) -> Callable[[Array], Array]:
        return lambda w: -self._density(centre + scale @ w, frame)

    def _fresh(self, w: Array, value: Array, slope: Array, key: Array, *shape: Any) -> Any:
        chosen = self.settings
        state = self._begin(
            ParamInfo(w, value, slope),
            num_warmup=self._tuning,
            step_size=chosen.step_size,
            adapt_mass_matrix=chosen.mass != "identity",
            dense_mass=chosen.mass == "dense",
            target_accept_prob=chosen.accept,
            trajectory_length=None,
            max_tree_depth=(chosen.warmup_depth, chosen.max_depth),
            model_args=shape,
            rng_key=key,
        )
        # Past its tuning a chain keeps its step: the same compiled code, from another count on.
        return state if chosen.adapt else state._replace(i=state.i + self._tuning)

    def _plain(self, state: Any) -> Any:
        """The state with the exact types of the outline: weak types would compile twice."""
        leaves = jax.tree.leaves(state)
        cast = [
            jax.lax.convert_element_type(leaf, like.dtype)
            for leaf, like in zip(leaves, self._outline, strict=True)
        ]
        return jax.tree.unflatten(self._tree, cast)

    def _one(self, state: Any, centre: Array, scale: Array, frame: Any) -> Any:
        new = self._plain(self._kernel(state, (centre, scale, frame)))
        row = {
            "z": centre + scale @ new.z,
            "logp": -new.potential_energy,
            "accept": new.accept_prob,
            "steps": new.num_steps,
            "diverging": new.diverging,
            "energy": new.energy,
            "step_size": new.adapt_state.step_size,
        }
        return new, row
