"""The quick answer: draws from a normal distribution near the posterior (`middle` says which).

It is an approximation and always labelled so. How good it is can be judged from the weights
that would turn its draws into posterior draws: `khat`, the tail index of these weights
(Vehtari et al. 2024, JMLR 25:72), is below 0.7 when the approximation can be trusted or
mended by weighting. In a hundred and more dimensions it seldom is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.infer.gradient import FloatArray, Gradient, compile_gradient
from nostoi.infer.target import Target
from nostoi.infer.whiten import THREADS, Whitening

TRUSTED = 0.7


@dataclass(frozen=True)
class Laplace:
    """Draws from the normal approximation.

    z [draw, dim]; logp [draw]: the target's log density; log_weight [draw]: logp minus the
    log density of the approximation; khat: tail index of the weights; ess: draws that the
    weighted sample is worth; log_evidence: estimate of the log normalising constant, Laplace's
    if the whitening is that of the mode.
    """

    z: FloatArray
    logp: FloatArray
    log_weight: FloatArray
    khat: float
    ess: float
    log_evidence: float

    @property
    def trusted(self) -> bool:
        """Whether importance weights confirm the approximation."""
        return self.khat < TRUSTED


def draw_laplace(
    target: Target,
    whitening: Whitening,
    draws: int = 1000,
    seed: int = 1,
    gradient: Gradient | None = None,
) -> Laplace:
    """Keyed draws from the normal approximation around `whitening.centre`.

    The first n draws are the same whatever `draws` is. Draws where the density is not finite
    get weight 0. `gradient` is the target's, where the caller has compiled it already: to use
    it for the density alone costs less than another compilation.
    """
    keys = jax.vmap(lambda i: jax.random.fold_in(jax.random.PRNGKey(seed), i))(jnp.arange(draws))
    w = np.asarray(jax.vmap(lambda key: jax.random.normal(key, (target.dim,)))(keys))
    z = whitening.place(w)

    look = gradient or compile_gradient(target)
    here = look(whitening.centre)[0]
    with ThreadPoolExecutor(THREADS) as pool:
        logp = np.array([value for value, _ in pool.map(look, z)])
    half = 0.5 * target.dim * np.log(2.0 * np.pi)
    normal = -0.5 * (w**2).sum(axis=1) - half - whitening.log_det
    weight = np.where(np.isfinite(logp), logp - normal, -np.inf)
    share = np.exp(weight - weight.max())
    return Laplace(
        z=z,
        logp=logp,
        log_weight=weight,
        khat=pareto_khat(weight),
        ess=float(share.sum() ** 2 / (share**2).sum()),
        log_evidence=here + half + whitening.log_det,
    )


def pareto_khat(log_weight: FloatArray) -> float:
    """Tail index of importance weights given as logs [draw].

    Below 0.5: finite variance; 0.5 to 0.7: usable; above: the approximation misses a part.
    -inf when the weights are equal, nan below 25 draws.
    """
    n = log_weight.size
    tail = int(np.ceil(min(0.2 * n, 3.0 * np.sqrt(n))))
    if tail < 5:
        return float("nan")
    ordered = np.sort(log_weight - log_weight.max())
    cut = np.exp(max(float(ordered[-tail - 1]), -700.0))
    excess = np.exp(ordered[-tail:]) - cut
    if excess[-1] <= 1e-6:
        return float("-inf")
    excess = excess[excess > 0.0]
    if excess.size < 5:
        return float("inf")
    return generalised_pareto(excess)[0]


def generalised_pareto(x: FloatArray) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto by Zhang and Stephens (2009), with PSIS's weak prior.

    x: rising positive excesses [n].
    """
    n = x.size
    grid = 30 + int(np.sqrt(n))
    quartile = x[int(n / 4 + 0.5) - 1]
    b = 1.0 / x[-1] + (1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3.0 * quartile)
    k = np.log1p(-b[:, None] * x).mean(axis=1)
    level = n * (np.log(-b / k) - k - 1.0)
    gap = np.minimum(level - level[:, None], 700.0)
    weight = 1.0 / np.exp(gap).sum(axis=1)
    chosen = float((b * weight).sum() / weight.sum())
    shape = float(np.log1p(-chosen * x).mean())
    return (shape * n + 10.0 * 0.5) / (n + 10.0), -shape / chosen
