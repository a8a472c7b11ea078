"""What theory says about a learning rate: limits, best rates, speeds, the cycle at a kink, the noise ball.

Rates, curvatures and results are plain floats; a curvature is an eigenvalue λ > 0 of the Hessian. Everything
here holds exactly on quadratics (and on |x| for the kink), and elsewhere only near a minimum: no verdict
rests on it.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from lrcards.descent.optimizers import GradientDescent, Momentum, Nesterov, Optimizer


def monotone_limit(curvature: float) -> float:
    """Largest rate, 1/λ, at which gradient descent on ½λx² never overshoots; it arrives there in one step.

    Source: x ← (1 − ηλ)x keeps its sign while ηλ ≤ 1 (Goh, "Why Momentum Really Works", Distill 2017).
    """
    return 1 / curvature


def gradient_descent_limit(curvature: float) -> float:
    """Rate 2/λ beyond which gradient descent on ½λx² diverges; exactly there it alternates for ever.

    Source: |1 − ηλ| = 1 (Goh, Distill 2017).
    """
    return 2 / curvature


def heavy_ball_limit(curvature: float, momentum: float, dampening: float = 0.0) -> float:
    """Rate 2(1+β)/((1−τ)λ) beyond which momentum β with dampening τ diverges on ½λx².

    Source: the root z = −1 of z² − (1 + β − η(1−τ)λ)z + β (Polyak 1964; Goh, Distill 2017).
    """
    return 2 * (1 + momentum) / ((1 - dampening) * curvature)


def nesterov_limit(curvature: float, momentum: float) -> float:
    """Rate (2+2β)/((1+2β)λ) beyond which PyTorch's form of Nesterov's momentum diverges on ½λx².

    Source: the root z = −1 of z² − (1+β)(1−ηλ)z + β(1−ηλ), from ``b ← βb + g; x ← x − η(g + βb)``.
    """
    return (2 + 2 * momentum) / ((1 + 2 * momentum) * curvature)


def stability_limit(optimizer: Optimizer, curvature: float) -> float:
    """Rate beyond which an optimizer diverges on ½λx²; NaN where theory has no number or λ ≤ 0."""
    if not curvature > 0:
        return math.nan
    match optimizer:
        case GradientDescent():
            return gradient_descent_limit(curvature)
        case Momentum():
            return heavy_ball_limit(curvature, optimizer.momentum, optimizer.dampening)
        case Nesterov():
            return nesterov_limit(curvature, optimizer.momentum)
    return math.nan


def adam_limit(rate: float, first_decay: float = 0.9) -> float:
    """Preconditioned curvature (2+2β₁)/((1−β₁)η) at which Adam turns unstable: 38/η for β₁ = 0.9.

    The curvature is the largest eigenvalue of diag(√v)⁻¹H. Source: Cohen et al., arXiv 2207.14484; it is the
    heavy-ball limit with dampening τ = β₁, solved for λ.
    """
    return heavy_ball_limit(rate, first_decay, dampening=first_decay)


def best_rate(smallest: float, largest: float) -> float:
    """Best constant rate 2/(λ₁+λₙ) of gradient descent for curvatures from `smallest` to `largest`.

    Source: Goh, Distill 2017.
    """
    return 2 / (smallest + largest)


def best_convergence(smallest: float, largest: float) -> float:
    """Factor (κ−1)/(κ+1), κ = λₙ/λ₁, by which the error shrinks a step at `best_rate`.

    Source: Goh, Distill 2017.
    """
    condition = largest / smallest
    return (condition - 1) / (condition + 1)


def best_heavy_ball(smallest: float, largest: float) -> tuple[float, float]:
    """Best (rate, momentum) of the heavy ball: η = (2/(√λ₁+√λₙ))², β = ((√λₙ−√λ₁)/(√λₙ+√λ₁))².

    The error then shrinks by √β = (√κ−1)/(√κ+1) a step. Source: Polyak 1964; Goh, Distill 2017.
    """
    low, high = math.sqrt(smallest), math.sqrt(largest)
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2


def gradient_descent_convergence(rate: float, curvature: float) -> float:
    """Factor |1 − ηλ| by which gradient descent's error on ½λx² changes a step (below 1: it shrinks)."""
    return abs(1 - rate * curvature)


def heavy_ball_convergence(rate: float, curvature: float, momentum: float, dampening: float = 0.0) -> float:
    """Factor a step of the heavy ball on ½λx² in the long run: the spectral radius of its iteration matrix.

    Source: the larger root of z² − (1 + β − η(1−τ)λ)z + β (Goh, Distill 2017).
    """
    return _larger_root(1 + momentum - rate * (1 - dampening) * curvature, momentum)


def nesterov_convergence(rate: float, curvature: float, momentum: float) -> float:
    """Factor a step of PyTorch's Nesterov momentum on ½λx² in the long run: the spectral radius.

    Source: the larger root of z² − (1+β)(1−ηλ)z + β(1−ηλ), derived from the update in `nesterov_limit`.
    """
    kept = 1 - rate * curvature
    return _larger_root((1 + momentum) * kept, momentum * kept)


def _larger_root(trace: float, determinant: float) -> float:
    """Modulus of the larger root of z² − trace·z + determinant."""
    discriminant = trace * trace - 4 * determinant
    if discriminant < 0:
        return math.sqrt(determinant)
    return (abs(trace) + math.sqrt(discriminant)) / 2


@dataclass(frozen=True)
class KinkCycle:
    """Where gradient descent on slope·|x| ends up: distances from the kink and the steps until it is there.

    With the step length h = η·slope, ``far`` lies in [h/2, h) and ``near`` in (0, h/2]; both are 0 after an
    exact hit.
    """

    near: float
    far: float
    steps: int

    @property
    def hits(self) -> bool:
        """Whether a step lands on the kink itself, so that the descent stops there."""
        return self.far == 0


def kink_cycle(rate: float, start: float, slope: float = 1.0) -> KinkCycle:
    """The two-cycle of gradient descent on slope·|x| from `start`, exactly.

    Every step has the length h = η·slope, so the descent keeps the remainder of start/h: it alternates
    between remainder and h − remainder on either side, or hits the kink when start and h are commensurate.
    The numbers are taken as the decimals they are written as (0.1 is one tenth): that is where a run that
    snaps to the kink within rounding goes.
    """
    step = _decimal(rate) * _decimal(slope)
    distance = abs(_decimal(start))
    whole, remainder = divmod(distance, step)
    if remainder == 0:
        return KinkCycle(near=0.0, far=0.0, steps=int(whole))
    near, far = sorted((remainder, step - remainder))
    return KinkCycle(near=float(near), far=float(far), steps=int(whole))


def _decimal(number: float) -> Fraction:
    return Fraction(repr(float(number)))


def noise_ball(rate: float, curvature: float, noise: float) -> float:
    """Stationary variance ησ²/(λ(2−ηλ)) of gradient descent on ½λx² under gradient noise of deviation σ.

    Infinite from ηλ = 2 on. Source: the fixed point of V ← (1−ηλ)²V + η²σ² (Mandt et al., arXiv 1704.04289).
    """
    if rate * curvature >= 2:
        return math.inf
    return rate * noise**2 / (curvature * (2 - rate * curvature))
