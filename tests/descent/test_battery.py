"""Situations that an expert labelled by theory or by a plain argument about what happens, and the verdicts.

Where two regimes are given, experts would honestly differ; the comment says over what.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import LeastSquares, LogisticRegression
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Objective, Quadratic
from lrcards.descent.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    Hypergradient,
    Momentum,
    Nesterov,
    RMSProp,
)
from lrcards.descent.run import simulate
from lrcards.descent.schedules import (
    Chain,
    Cosine,
    Exponential,
    InverseTime,
    MultiStep,
    OneCycle,
    ReduceOnPlateau,
    StepDecay,
    WarmRestarts,
    Warmup,
)
from lrcards.descent.surfaces import Catapult, Helipad, Himmelblau, Plateau, Rosenbrock, Saddle
from lrcards.descent.verdict import Regime, judge, judge_all

OVERFLOW, DIVERGING, BOUNDED = Regime.OVERFLOW, Regime.DIVERGING, Regime.BOUNDED
CYCLE, KINK_CYCLE, NOISE_FLOOR = Regime.CYCLE, Regime.KINK_CYCLE, Regime.NOISE_FLOOR
ARRIVED, OSCILLATING, ESCAPED = Regime.ARRIVED, Regime.OSCILLATING, Regime.ESCAPED
SADDLE, LOCAL_MINIMUM, PLATEAU = Regime.SADDLE, Regime.LOCAL_MINIMUM, Regime.PLATEAU
STALLED, SLOW = Regime.STALLED, Regime.SLOW
OVERFITTING, VALIDATION_PLATEAU = Regime.OVERFITTING, Regime.VALIDATION_PLATEAU


class Situation(NamedTuple):
    """A run of one lane, and the regimes that an expert would sign for it."""

    regimes: frozenset[Regime]
    experiment: Experiment


def situation(
    label: Regime | set[Regime],
    objective: Objective,
    rate: float,
    start: float | tuple[float, ...],
    steps: int,
    **more: Any,
) -> Situation:
    starts = (start if isinstance(start, tuple) else (start,),)
    regimes = frozenset({label} if isinstance(label, Regime) else label)
    return Situation(
        regimes, Experiment(objective=objective, rates=(rate,), starts=starts, steps=steps, **more)
    )


BOWL = Quadratic()
KINK = AbsoluteDeviations()
WELL = DoubleWell()
TWO_VALLEYS = Function("x**4 - 3*x**2 + x")

# On ½λx² each step multiplies x by 1 − ηλ; here λ = 1 and the start is 10.
BOWLS = {
    "a tenth of 1/λ walks in from one side": situation(ARRIVED, BOWL, 0.1, 10, 100),
    "half of 1/λ halves the distance each step": situation(ARRIVED, BOWL, 0.5, 10, 30),
    "1/λ solves the bowl in one step": situation(ARRIVED, BOWL, 1, 10, 20),
    "1/λ with a budget of that one step": situation(ARRIVED, BOWL, 1, 10, 1),
    "a millionth of 1/λ hardly moves": situation(SLOW, BOWL, 1e-6, 10, 1000),
    "0.99^100 = 0.37 is still far away": situation(SLOW, BOWL, 0.01, 10, 100),
    "1.5/λ jumps across and halves": situation(OSCILLATING, BOWL, 1.5, 10, 40),
    "1.9/λ bounces in": situation(OSCILLATING, BOWL, 1.9, 10, 100),
    "1.99/λ bounces in if the budget is long": situation(OSCILLATING, BOWL, 1.99, 10, 2000),
    # 0.99^60 = 0.55: every bounce is 1 % shorter, so it is on its way and no cycle.
    "1.99/λ within a short budget": situation(SLOW, BOWL, 1.99, 10, 60),
    # 2 % in 20 steps: theory sees it come in, an eye sees a cycle.
    "1.999/λ within a short budget": situation({SLOW, CYCLE}, BOWL, 1.999, 10, 20),
    "2/λ jumps to the mirror image for ever": situation(CYCLE, BOWL, 2, 10, 100),
    "2/λ seen for three steps": situation(CYCLE, BOWL, 2, 10, 3),
    "2/λ that has no exact float": situation(CYCLE, Quadratic((0.7,)), 2 / 0.7, 10, 400),
    "2/λ of the steep axis while the other arrives": situation(
        CYCLE, Quadratic((1.0, 0.1)), 2, (10.0, 10.0), 300
    ),
    # 1.001^1000 = 2.7 and 1.001^200 = 1.22: growth without end, however slow.
    "2.001/λ within 1000 steps": situation(DIVERGING, BOWL, 2.001, 10, 1000),
    "2.001/λ within 200 steps": situation(DIVERGING, BOWL, 2.001, 10, 200),
    "2.1/λ grows by a tenth each step": situation(DIVERGING, BOWL, 2.1, 10, 100),
    "3/λ doubles": situation(DIVERGING, BOWL, 3, 10, 100),
    "3/λ doubles until the loss is no float": situation(OVERFLOW, BOWL, 3, 10, 1000),
    "1000/λ is out of range after 51 steps": situation(OVERFLOW, BOWL, 1000, 10, 200),
    "2.5/λ within 5 steps": situation(DIVERGING, BOWL, 2.5, 10, 5),
    "2.5/λ within 3 steps": situation(DIVERGING, BOWL, 2.5, 10, 3),
    "3/λ seen for a single step, which quadruples the loss": situation(DIVERGING, BOWL, 3, 10, 1),
    "a tenth of 1/λ with one step": situation(SLOW, BOWL, 0.1, 10, 1),
    "half of 1/λ with three steps leaves 1/64 of the loss": situation(SLOW, BOWL, 0.5, 10, 3),
    "half of 1/λ with ten steps leaves a millionth": situation(ARRIVED, BOWL, 0.5, 10, 10),
    "1.2/λ with five steps": situation(OSCILLATING, BOWL, 1.2, 10, 5),
    "1.5/λ with ten steps": situation(OSCILLATING, BOWL, 1.5, 10, 10),
    "a start at the minimum": situation(ARRIVED, BOWL, 0.1, 0, 50),
    "a start at the minimum with a rate that would diverge": situation(ARRIVED, BOWL, 3, 0, 50),
    "an axis without curvature has nothing to arrive at": situation(
        ARRIVED, Quadratic((1.0, 0.0)), 0.5, (10.0, 5.0), 60
    ),
    # The steep axis shrinks by 1 − 0.9 = 0.1, the shallow one by 0.991^1000: both factors are positive.
    "a long valley walked without a bounce": situation(
        ARRIVED, Quadratic((1.0, 100.0)), 0.009, (10.0, 10.0), 1000
    ),
    # 2/(λ₁ + λ₂): both factors are 0.98 in size, and 99 % of the loss lies across, where it is negative.
    "the best constant rate zigzags": situation(
        OSCILLATING, Quadratic((1.0, 100.0)), 2 / 101, (10.0, 10.0), 600
    ),
    # 0.9999^1000: along the valley it went a tenth of the way.
    "a valley of condition 10⁴": situation(SLOW, Quadratic((1.0, 1e4)), 1e-4, (10.0, 0.01), 1000),
    "a turned valley of condition 10": situation(
        ARRIVED, Quadratic((1.0, 10.0), angle=30), 0.05, (10.0, 3.0), 300
    ),
    # 1.02^1500·1e-12 = 8: the unstable axis starts hidden, and ends 64 times above the start.
    "an instability that stays hidden for a thousand steps": situation(
        DIVERGING, Quadratic((1.0, 100.0)), 0.0202, (10.0, 1e-12), 1500
    ),
}

# The regime does not depend on the units of x or of the loss, nor on the value at the minimum.
SCALES = {
    "a start at 1e-8": situation(ARRIVED, BOWL, 0.5, 1e-8, 50),
    "a start at 1e8": situation(ARRIVED, BOWL, 0.5, 1e8, 50),
    "a start at 1e8 and a slow rate": situation(SLOW, BOWL, 0.01, 1e8, 50),
    "curvature 1e8": situation(OSCILLATING, Quadratic((1e8,)), 1.5e-8, 10, 60),
    "curvature 1e-8": situation(ARRIVED, Quadratic((1e-8,)), 5e7, 10, 60),
    "2/λ at a start of 1e-8": situation(CYCLE, BOWL, 2, 1e-8, 60),
    "2/λ at a curvature of 1e-8": situation(CYCLE, Quadratic((1e-8,)), 2e8, 10, 60),
    "3/λ at a start of 1e-8": situation(DIVERGING, BOWL, 3, 1e-8, 60),
    "3/λ at a start of 1e8": situation(DIVERGING, BOWL, 3, 1e8, 60),
    "a loss times 1e8": situation(ARRIVED, Function("1e8*(x - 3)**2"), 2.5e-9, 10, 60),
    "a loss times 1e-8": situation(ARRIVED, Function("1e-8*(x - 3)**2"), 2.5e7, 10, 60),
    "a two-cycle of a loss times 1e-8": situation(CYCLE, Function("1e-8*(x - 3)**2"), 1e8, 10, 60),
    "a minimum of 1000": situation(ARRIVED, Function("(x - 3)**2 + 1000"), 0.25, 10, 60),
    "a minimum of -5": situation(ARRIVED, Function("(x - 3)**2 - 5"), 0.25, 10, 60),
    # The loss is 1 in 1e8 above its minimum at the start, and ⅔ of that is left.
    "slow above a minimum of 1e8": situation(SLOW, Function("(x - 3)**2 + 1e8"), 0.001, 4, 100),
    "arrived at a minimum of 1e8": situation(ARRIVED, Function("(x - 3)**2 + 1e8"), 0.25, 4, 100),
    "a kink at a scale of 1e8": situation(
        KINK_CYCLE, AbsoluteDeviations((19e8, 17e8, 24e8)), 1e8, 24.5e8, 60
    ),
    "a kink at a scale of 1e-3": situation(
        KINK_CYCLE, AbsoluteDeviations((0.019, 0.017, 0.024)), 1e-3, 0.0245, 60
    ),
}

# Σ|x − xᵢ| of {19, 17, 24}: slope ±1 around 19, ±3 outside. The step never shrinks.
KINKS = {
    "η = 1 bounces 18.5 ↔ 19.5": situation(KINK_CYCLE, KINK, 1, 24.5, 40),
    "η = 1 seen for ten steps": situation(KINK_CYCLE, KINK, 1, 24.5, 10),
    "η = 0.1 lands on 19 at step 51": situation(ARRIVED, KINK, 0.1, 24.5, 200),
    "η = 0.1 is on its way after 20 steps": situation(SLOW, KINK, 0.1, 24.5, 20),
    "η = 0.3 bounces 18.8 ↔ 19.1": situation(KINK_CYCLE, KINK, 0.3, 24.5, 200),
    "η = 0.5 lands on 19": situation(ARRIVED, KINK, 0.5, 24.5, 100),
    "η = 0.25 lands on 19": situation(ARRIVED, KINK, 0.25, 24.5, 100),
    "η = 3 bounces 15.5 ↔ 24.5, over all three kinks": situation(KINK_CYCLE, KINK, 3, 24.5, 40),
    "η = 0.07 bounces 18.97 ↔ 19.04": situation(KINK_CYCLE, KINK, 0.07, 24.5, 500),
    # The bounce of 0.003 is 3e-4 of the way in loss: at the minimum for one expert, in the cycle for another.
    "η = 0.003 bounces too close to matter": situation({KINK_CYCLE, OSCILLATING}, KINK, 0.003, 24.5, 5000),
    "a start on the kink": situation(ARRIVED, KINK, 1, 19, 50),
    "η = 1 still walking after three steps": situation(SLOW, KINK, 1, 24.5, 3),
    # 10 → 13 → 16 → 19, and 24 → 22 → 21 → 20 → 19 with slope 2 on the measurement 24.
    "η = 1 lands from 10": situation(ARRIVED, KINK, 1, 10, 30),
    "η = 1 lands from a measurement": situation(ARRIVED, KINK, 1, 24, 30),
    "a ramp that ends in a flat": situation(ARRIVED, Function("abs(x) + x"), 1, 5, 30),
    "|x| met at the wrong distance": situation(KINK_CYCLE, AbsoluteDeviations((0.0,)), 1, 10.3, 40),
    "|x| met exactly": situation(ARRIVED, AbsoluteDeviations((0.0,)), 1, 10, 40),
    # Between the middle two of an even number the function is flat and least.
    "a flat bottom between two measurements": situation(ARRIVED, AbsoluteDeviations((0.0, 1.0)), 0.35, 5, 60),
    "a typed kink": situation(KINK_CYCLE, Function("abs(x)"), 1, 10.3, 40),
    "the mean instead of the sum has a third of the slope": situation(
        KINK_CYCLE, Function("(abs(x - 19) + abs(x - 17) + abs(x - 24))/3"), 1, 24.5, 60
    ),
    "kinks along both axes": situation(KINK_CYCLE, Function("abs(x) + abs(y)"), 1, (3.3, 2.6), 40),
    "a kink along one axis, a bowl along the other": situation(
        KINK_CYCLE, Function("abs(x) + y**2"), 0.3, (2.0, 2.0), 60
    ),
    # The cycle is ±η/(2 − 0.1η): the bowl's part of the slope at 0.5 is a twentieth of the kink's.
    "a kink at the bottom of a wide bowl": situation(
        KINK_CYCLE, Function("abs(x) + 0.05*x**2"), 1, 10.3, 200
    ),
    # Rounded off within 0.001, but the step of 0.3 never gets to see that.
    "a rounded kink and a step much wider than the rounding": situation(
        {KINK_CYCLE, CYCLE}, Function("sqrt(x**2 + 1e-6)"), 0.3, 3.4, 100
    ),
    # At ±10 and beyond, the slope is ±1 to nine digits: the cycle drifts by 1e-6 a round.
    "a rounded kink and a step thirty times the rounding": situation(
        {KINK_CYCLE, CYCLE}, Function("log(cosh(x))"), 30, 100.5, 200
    ),
    "momentum circles the kink with period 6": situation(
        KINK_CYCLE, KINK, 1, 24.5, 2000, optimizer=Momentum()
    ),
    "momentum circles the kink with period 14": situation(
        KINK_CYCLE, KINK, 0.1, 24.5, 2000, optimizer=Momentum()
    ),
    "Nesterov bounces at the kink": situation(KINK_CYCLE, KINK, 0.1, 24.5, 400, optimizer=Nesterov()),
    # Period 18: longer than what many would still call a short cycle.
    "Adam circles the kink": situation({KINK_CYCLE, BOUNDED}, KINK, 0.1, 24.5, 4000, optimizer=Adam()),
    "RMSProp bounces by its sign steps at the kink": situation(
        KINK_CYCLE, KINK, 0.05, 24.5, 1000, optimizer=RMSProp()
    ),
    # Its steps shrink as 1/√t while it crosses 19 hundreds of times.
    "AdaGrad bounces into the kink": situation(OSCILLATING, KINK, 1, 24.5, 1000, optimizer=AdaGrad()),
}

# Bounces that no kink makes.
SMOOTH_CYCLES = {
    "the bowl (x − 19)² at η = 1 bounces 18.5 ↔ 19.5": situation(
        CYCLE, Quadratic((2.0,), (19.0,)), 1, 19.5, 40
    ),
    "the same bowl from 24.5": situation(CYCLE, Quadratic((2.0,), (19.0,)), 1, 24.5, 40),
    "the same bowl, typed": situation(CYCLE, Function("(x - 19)**2"), 1, 24.5, 40),
    # x − 2x³ takes 1 to −1 and back, exactly.
    "x⁴ between 1 and -1": situation(CYCLE, Function("x**4"), 0.5, 1, 200),
    "sin(x) just past 2/λ": situation(CYCLE, Function("sin(x)"), 2.2, 1, 400),
    # 2a = 3·tanh(a) at a = 1.29, and 2a = 5a/√(1 + a²) at a = 2.29: within the rounding.
    "log(cosh(x)) at 3/λ": situation(CYCLE, Function("log(cosh(x))"), 3, 10.3, 200),
    "√(1 + x²) at 5/λ": situation(CYCLE, Function("sqrt(1 + x**2)"), 5, 20.3, 400),
    "period 4 of x² + 10 sin(x)": situation(CYCLE, Function("x**2 + 10*sin(x)"), 0.3, 6, 2000),
    # Starts 10⁻¹⁴ above the minimum in loss and ends in the same two-cycle as from anywhere else.
    "the well's two-cycle from a ten-millionth beside the minimum": situation(
        CYCLE, WELL, 1.2, 1 + 1e-7, 400
    ),
    "the pad's two-cycle from a millionth beside the minimum": situation(CYCLE, Helipad(), 1.1, 1e-6, 400),
    "period 2 of the plateau's basin": situation(CYCLE, Plateau(), 1.5, 0.5, 500),
    "period 4 of the plateau's basin": situation(CYCLE, Plateau(), 3, 0.5, 1000),
    "period 2 of Himmelblau": situation(CYCLE, Himmelblau(), 0.025, (0.0, 0.0), 500),
    "period 4 of Himmelblau": situation(CYCLE, Himmelblau(), 0.03, (0.0, 0.0), 500),
    "period 4 of logistic regression": situation(CYCLE, LogisticRegression(), 50, (0.0, 0.0), 500),
    "least squares at 2/λ": situation(CYCLE, LeastSquares(), 2, (0.0, 0.0), 500),
    "the helipad's pad past 2/λ": situation(CYCLE, Helipad(), 1.1, 8, 400),
    "the pothole past 2/λ": situation(CYCLE, Helipad(), 0.7, -8, 400),
    "a minimum beside a saddle past 2/λ": situation(CYCLE, Saddle(), 1.1, (1.0, 0.5), 500),
    # As v forgets, RMSProp's steps tend to ±η: the bowl ends in ±η/2, which is 0.0025 of the starting loss.
    "RMSProp's sign steps in a bowl": situation(CYCLE, BOWL, 0.01, 0.1, 3000, optimizer=RMSProp()),
}

# λ = 1. Heavy ball: stable below 2(1 + β) = 3.8; Nesterov as in PyTorch: below 3.8/2.8 = 1.357.
MOMENTUM = {
    "heavy ball rings down": situation(OSCILLATING, BOWL, 0.1, 10, 300, optimizer=Momentum()),
    "heavy ball just below its bound": situation(OSCILLATING, BOWL, 3.79, 10, 500, optimizer=Momentum()),
    "heavy ball at its bound": situation(CYCLE, BOWL, 3.8, 10, 1000, optimizer=Momentum()),
    "heavy ball just above its bound": situation(DIVERGING, BOWL, 3.81, 10, 200, optimizer=Momentum()),
    # β = 0.5, ηλ = 0.01: both eigenvalues are real and positive.
    "heavy ball with too much friction to ring": situation(
        ARRIVED, BOWL, 0.01, 10, 400, optimizer=Momentum(0.5)
    ),
    # β = 0.99: swings of 63 steps shrink by 0.995 a step. At step 47 it flies through the minimum.
    "heavy ball passing the minimum on its last step": situation(
        SLOW, BOWL, 0.01, 10, 47, optimizer=Momentum(0.99)
    ),
    "heavy ball still swinging": situation(SLOW, BOWL, 0.01, 10, 220, optimizer=Momentum(0.99)),
    "heavy ball with dampening": situation(
        OSCILLATING, BOWL, 1, 10, 300, optimizer=Momentum(0.9, dampening=0.9)
    ),
    "Nesterov rings down": situation(OSCILLATING, BOWL, 0.1, 10, 200, optimizer=Nesterov()),
    "Nesterov below its bound": situation(OSCILLATING, BOWL, 1.3, 10, 500, optimizer=Nesterov()),
    "Nesterov at its bound": situation(CYCLE, BOWL, 3.8 / 2.8, 10, 1000, optimizer=Nesterov()),
    # Heavy ball would be stable up to 3.8.
    "Nesterov just above its bound": situation(DIVERGING, BOWL, 1.4, 10, 200, optimizer=Nesterov()),
    "momentum speeds a long valley up": situation(
        OSCILLATING, Quadratic((1.0, 100.0)), 0.01, (10.0, 10.0), 1000, optimizer=Momentum()
    ),
}

ADAPTIVE = {
    # Crosses 0 eleven times in 1000 steps, but only once on the scale that matters.
    "Adam walks in by sign steps": situation({ARRIVED, OSCILLATING}, BOWL, 0.1, 10, 1000, optimizer=Adam()),
    "Adam walks in on both axes alike": situation(
        {ARRIVED, OSCILLATING}, Quadratic((1.0, 1000.0)), 0.1, (10.0, 10.0), 1000, optimizer=Adam()
    ),
    "Adam at 1e-3 goes at most 1 in 1000 steps": situation(SLOW, BOWL, 0.001, 10, 1000, optimizer=Adam()),
    "Adam at 1e-3 from a million": situation(SLOW, BOWL, 0.01, 1e6, 1000, optimizer=Adam()),
    "Adam swings at η = 1": situation(OSCILLATING, BOWL, 1, 10, 1000, optimizer=Adam()),
    "Adam thrown to -90 rings down": situation(OSCILLATING, BOWL, 100, 10, 1000, optimizer=Adam()),
    "AMSGrad swings at η = 1": situation(OSCILLATING, BOWL, 1, 10, 1000, optimizer=AMSGrad()),
    # The pull towards 0 leaves it 0.025 away, 2.5e-5 of the starting loss.
    "AdamW stops a little short": situation(
        ARRIVED, Quadratic((1.0,), (5.0,)), 0.1, 10, 1000, optimizer=AdamW()
    ),
    "RMSProp walks in": situation(ARRIVED, BOWL, 0.1, 10, 300, optimizer=RMSProp()),
    "RMSProp at 0.01 is half-way": situation(SLOW, BOWL, 0.01, 10, 200, optimizer=RMSProp()),
    "centred RMSProp walks in": situation(ARRIVED, BOWL, 0.01, 10, 1000, optimizer=RMSProp(centred=True)),
    # The first step is 10η = 1: from 0.1 to -0.9, with 81 times the loss; then back within four.
    "RMSProp's first step jumps away": situation(
        {ARRIVED, OSCILLATING}, BOWL, 0.1, 0.1, 60, optimizer=RMSProp()
    ),
    "AdaGrad walks in at η = 1": situation(ARRIVED, BOWL, 1, 10, 1000, optimizer=AdaGrad()),
    # x shrinks by √t·η: 0.6 in 1000 steps. Its own accumulator is the schedule that starved it.
    "AdaGrad starves at η = 0.01": situation({SLOW, STALLED}, BOWL, 0.01, 10, 1000, optimizer=AdaGrad()),
    "AdaGrad at η = 0.1 has half the way to go": situation(SLOW, BOWL, 0.1, 10, 1000, optimizer=AdaGrad()),
    "AdaGrad remembers the first steep slope of x⁴": situation(
        {SLOW, STALLED}, Function("x**4"), 0.1, 10, 1000, optimizer=AdaGrad()
    ),
    "a rate learned carefully": situation(ARRIVED, BOWL, 0.01, 10, 200, optimizer=Hypergradient(1e-3)),
    "a rate learned too eagerly": situation(OVERFLOW, BOWL, 0.01, 10, 200, optimizer=Hypergradient(0.1)),
    "a rate learned too eagerly, seen for five steps": situation(
        DIVERGING, BOWL, 0.01, 10, 5, optimizer=Hypergradient(0.1)
    ),
    "Adam on a ridge stays on it": situation(SADDLE, Saddle(), 0.01, (1.0, 0.0), 1000, optimizer=Adam()),
    "Adam beside a ridge leaves at once": situation(
        ARRIVED, Saddle(), 0.01, (1.0, 1e-3), 500, optimizer=Adam()
    ),
}

SCHEDULED = {
    # From 24.5 the kink costs 3 in the first step; then 2.5 remain, and γ/(1 − γ) is 1, 2.33 or 9.
    "γ = 0.5 stops 1.5 before the kink": situation(STALLED, KINK, 1, 24.5, 100, schedule=Exponential(0.5)),
    "γ = 0.7 stops 0.17 before the kink": situation(STALLED, KINK, 1, 24.5, 100, schedule=Exponential(0.7)),
    "γ = 0.9 reaches the kink and bounces down into it": situation(
        OSCILLATING, KINK, 1, 24.5, 100, schedule=Exponential(0.9)
    ),
    # The product of 1 − 0.1·2⁻ᵗ is 0.81.
    "γ = 0.5 stops in a bowl": situation(STALLED, BOWL, 0.1, 10, 200, schedule=Exponential(0.5)),
    "γ = 0.9 stops in a bowl": situation(STALLED, BOWL, 0.1, 10, 200, schedule=Exponential(0.9)),
    "γ = 0.99 arrives in a bowl": situation(ARRIVED, BOWL, 0.1, 10, 500, schedule=Exponential(0.99)),
    "a cosine bounces down into the kink": situation(OSCILLATING, KINK, 1, 24.5, 100, schedule=Cosine(100)),
    "a cosine arrives in a bowl": situation(ARRIVED, BOWL, 0.5, 10, 50, schedule=Cosine(50)),
    "a cosine that ends after a fifth of the budget": situation(
        STALLED, BOWL, 0.01, 10, 100, schedule=Cosine(20)
    ),
    # The rates sum to half a λ⁻¹; the schedule ends with the budget, so either may be named.
    "a cosine of too small a rate": situation({STALLED, SLOW}, BOWL, 0.01, 10, 100, schedule=Cosine(100)),
    # Bounces for 20 steps, then lands on 19 exactly, from one side.
    "step decay lands on the kink": situation(
        {ARRIVED, OSCILLATING}, KINK, 1, 24.5, 100, schedule=StepDecay(20)
    ),
    "step decay from a wide bounce into a narrow one": situation(
        KINK_CYCLE, KINK, 1, 24.5, 100, schedule=StepDecay(50, 0.3)
    ),
    "step decay narrows the bounce ten times over": situation(
        OSCILLATING, KINK, 1, 24.5, 200, schedule=StepDecay(20, 0.3)
    ),
    # 20 steps at 2/λ, 20 at 0.2/λ.
    "step decay ends a two-cycle of the bowl": situation(
        {ARRIVED, OSCILLATING}, BOWL, 2, 10, 60, schedule=StepDecay(20)
    ),
    # Two-cycle until the patience is over, then 0.2/λ.
    "reduce on plateau ends a two-cycle of the bowl": situation(
        {ARRIVED, OSCILLATING}, BOWL, 2, 10, 100, schedule=ReduceOnPlateau(patience=5)
    ),
    # The factors 1 − 3·0.9ᵗ: four bounces that grow, some that shrink, then no more bounces.
    "an exponential from 3/λ is caught in time": situation(
        {ARRIVED, OSCILLATING}, BOWL, 3, 10, 60, schedule=Exponential(0.9)
    ),
    # Arrives bouncing, ends straight.
    "a cosine from 1.9/λ": situation({ARRIVED, OSCILLATING}, BOWL, 1.9, 10, 200, schedule=Cosine(200)),
    # 20 steps of 0.981 along the valley, then next to nothing.
    "step decay too early for the valley": situation(
        STALLED, Quadratic((1.0, 100.0)), 0.019, (10.0, 1.0), 200, schedule=StepDecay(20)
    ),
    "inverse time arrives in a bowl": situation(ARRIVED, BOWL, 0.5, 10, 1000, schedule=InverseTime(0.1)),
    "inverse time bounces down into the kink": situation(
        OSCILLATING, KINK, 1, 24.5, 300, schedule=InverseTime(0.1)
    ),
    # Σ 0.01/(1 + t) grows for ever, but as a logarithm: stopped for all that a person will live to see.
    "inverse time from too small a rate": situation(
        {STALLED, SLOW}, BOWL, 0.01, 10, 1000, schedule=InverseTime(1)
    ),
    "a warm-up to a good rate": situation(ARRIVED, BOWL, 0.5, 10, 200, schedule=Warmup(50)),
    "a warm-up to 2.5/λ": situation(DIVERGING, BOWL, 2.5, 10, 200, schedule=Warmup(50, 0.1)),
    "a range test runs out of range": situation(OVERFLOW, BOWL, 0.1, 10, 400, schedule=Exponential(1.05)),
    "one cycle up to 1/λ": situation(ARRIVED, BOWL, 1, 10, 100, schedule=OneCycle(100)),
    "warm restarts in a bowl": situation(ARRIVED, BOWL, 0.5, 10, 200, schedule=WarmRestarts(20)),
    "a warm-up, then a cosine": situation(
        ARRIVED, BOWL, 0.5, 10, 200, schedule=Chain((Warmup(20), Cosine(100)), (20,))
    ),
    # Bounces until the patience is over, then lands on 19 exactly.
    "reduce on plateau lands on the kink": situation(
        {ARRIVED, OSCILLATING}, KINK, 1, 24.5, 100, schedule=ReduceOnPlateau(patience=5)
    ),
    "reduce on plateau bounces down into the kink": situation(
        OSCILLATING, KINK, 1, 24.5, 200, schedule=ReduceOnPlateau(0.3, patience=5)
    ),
    # Noise makes most steps look bad: the rate is 1e-8 with half of the way to go.
    "reduce on plateau fooled by noise": situation(
        STALLED, BOWL, 0.01, 10, 500, noise=5, schedule=ReduceOnPlateau(patience=1)
    ),
}

# (x² − 1)²/4, with curvature 2 at ±1 and −1 on the hump: 2/λ = 1. Periods were found by iterating the map.
WELLS = {
    "η = 0.1 walks into the well": situation(ARRIVED, WELL, 0.1, 0.5, 200),
    "η = 0.5 is 1/λ of the well": situation(ARRIVED, WELL, 0.5, 0.5, 200),
    "η = 0.9 bounces into the well": situation(OSCILLATING, WELL, 0.9, 0.5, 300),
    "η = 1.1 has period 2": situation(CYCLE, WELL, 1.1, 0.5, 1000),
    "η = 1.25 has period 4": situation(CYCLE, WELL, 1.25, 0.5, 2000),
    "η = 1.29 has period 8": situation(CYCLE, WELL, 1.29, 0.5, 4000),
    "η = 1.3 has period 16": situation(CYCLE, WELL, 1.3, 0.5, 2000),
    "η = 1.45 is chaos in one well": situation(BOUNDED, WELL, 1.45, 0.5, 2000),
    "η = 1.5 is chaos": situation(BOUNDED, WELL, 1.5, 0.5, 2000),
    "η = 1.7 has period 6 over both wells": situation(CYCLE, WELL, 1.7, 0.5, 2000),
    "η = 1.9 is chaos over both wells": situation(BOUNDED, WELL, 1.9, 0.5, 2000),
    "η = 2.1 leaves": situation(OVERFLOW, WELL, 2.1, 0.5, 2000),
    "the other well from the left": situation(ARRIVED, WELL, 0.1, -0.5, 200),
    # 2 − 0.4·6 = −0.4: over the hump, but into a well that is as good.
    "a first step across the hump": situation(ARRIVED, WELL, 0.4, 2, 100),
    "a start on the hump": situation(SADDLE, WELL, 0.1, 0, 100),
    # 1e-9·1.1³⁰: the gradient is gone, and it has not begun to leave.
    "a start a billionth beside the hump": situation({SADDLE, SLOW}, WELL, 0.1, 1e-9, 30),
    "momentum in the well": situation(OSCILLATING, WELL, 0.1, 1.5, 500, optimizer=Momentum()),
}

LANDSCAPES = {
    "on the ridge of a saddle": situation(SADDLE, Saddle(), 0.1, (1.0, 0.0), 200),
    "on the ridge with momentum": situation(SADDLE, Saddle(), 0.1, (1.0, 0.0), 400, optimizer=Momentum()),
    "beside the ridge": situation(ARRIVED, Saddle(), 0.1, (1.0, 1e-3), 300),
    "too near the ridge to leave it in 100 steps": situation(SADDLE, Saddle(), 0.1, (1.0, 1e-12), 100),
    "near the ridge with time enough": situation(ARRIVED, Saddle(), 0.1, (1.0, 1e-12), 600),
    "the ridge of x² − y²": situation(SADDLE, Function("x**2 - y**2"), 0.1, (1.0, 0.0), 300),
    # Without a floor every step is longer than the last; that the loss falls is no comfort.
    "beside the ridge of x² − y²": situation(DIVERGING, Quadratic((1.0, -1.0)), 0.1, (1.0, 1e-3), 300),
    "beside the ridge of x² − y² until it overflows": situation(
        OVERFLOW, Quadratic((1.0, -1.0)), 0.1, (1.0, 1e-3), 9000
    ),
    "down −x²": situation(DIVERGING, Function("-x**2"), 0.1, 1, 100),
    "the top of cos(x)": situation(SADDLE, Function("cos(x)"), 0.5, 0, 100),
    # An inflection: x = 1/(3ηt), where the function falls on below 0.
    "the inflection of x³": situation({SADDLE, PLATEAU}, Function("x**3"), 0.05, 1, 4000),
    # The slope at 8 is 0.004 and grows only as it comes down.
    "far out on the plateau": situation({PLATEAU, SLOW}, Plateau(), 1, 8, 100),
    "at 100 on the plateau": situation(PLATEAU, Plateau(), 1, 100, 1000),
    "in the plateau's basin": situation(ARRIVED, Plateau(), 0.1, 0.5, 200),
    "thrown out of the basin to -640": situation(PLATEAU, Plateau(), 1000, 0.5, 200),
    "thrown out of the basin and back, over and over": situation(BOUNDED, Plateau(), 10, 2, 2000),
    "beside a hole as narrow as exp(−x²)": situation(PLATEAU, Function("-exp(-x**2)"), 1, 4, 100),
    "a saturated sigmoid": situation(PLATEAU, Function("1/(1 + exp(-x))"), 1, 20, 100),
    # Both sets of minima have value 0, so there is no worse basin to escape from.
    "no catapult below 1/λ": situation(ARRIVED, Catapult(), 0.5 / 4.01, (2.0, 0.1), 400),
    "no catapult below 2/λ": situation(OSCILLATING, Catapult(), 1.5 / 4.01, (2.0, 0.1), 400),
    "a catapult at 2.5/λ": situation(OSCILLATING, Catapult(), 2.5 / 4.01, (2.0, 0.1), 400),
    # The loss rises 35-fold and 200-fold first; how the flat side is then approached differs.
    "a catapult at 3/λ": situation({ARRIVED, OSCILLATING}, Catapult(), 3 / 4.01, (2.0, 0.1), 400),
    "a catapult at 3.9/λ": situation({ARRIVED, OSCILLATING}, Catapult(), 3.9 / 9.01, (3.0, 0.1), 400),
    "beyond the catapult at 4.1/λ": situation(OVERFLOW, Catapult(), 4.1 / 4.01, (2.0, 0.1), 400),
    "Rosenbrock's valley in 1000 steps": situation(SLOW, Rosenbrock(), 1e-3, (-1.2, 1.0), 1000),
    "Rosenbrock's valley in 20000 steps": situation(ARRIVED, Rosenbrock(), 1e-3, (-1.2, 1.0), 20000),
    "Rosenbrock's valley at a tenth of the rate": situation(SLOW, Rosenbrock(), 1e-4, (-1.2, 1.0), 1000),
    "Rosenbrock's valley by AdaGrad": situation(
        SLOW, Rosenbrock(), 0.1, (-1.2, 1.0), 2000, optimizer=AdaGrad()
    ),
    # Swings from wall to wall first, glides along the valley last.
    "Rosenbrock's valley by momentum": situation(
        {ARRIVED, OSCILLATING}, Rosenbrock(), 1e-3, (-1.2, 1.0), 2000, optimizer=Momentum()
    ),
    "a start at one of Himmelblau's four": situation(ARRIVED, Himmelblau(), 0.01, (3.0, 2.0), 50),
    "a start on the catapult's cross of minima": situation(ARRIVED, Catapult(), 0.1, (2.0, 0.0), 50),
    "round functions with constant slopes outside": situation(
        ARRIVED, Function("log(cosh(x))"), 0.5, 10, 100
    ),
    # Sign steps do not mind how small the gradient is; around the minimum it swings out of sight.
    "Adam crosses the plateau": situation({ARRIVED, OSCILLATING}, Plateau(), 0.1, 8, 400, optimizer=Adam()),
    "Rosenbrock's walls at ten times the rate": situation(OVERFLOW, Rosenbrock(), 0.01, (-1.2, 1.0), 100),
    "one of Himmelblau's four": situation(ARRIVED, Himmelblau(), 0.01, (0.0, 0.0), 300),
    "Himmelblau at ten times the rate": situation(OVERFLOW, Himmelblau(), 0.1, (0.0, 0.0), 100),
    "chaos of sin(x) at η = 4": situation(BOUNDED, Function("sin(x)"), 4, 1, 2000),
    "a slow start down log(1 + x²)": situation(ARRIVED, Function("log(1 + x**2)"), 0.5, 50, 2000),
}

# The pothole's basin reaches from the far left to −4.7; the pad lies at 0.
POTHOLES = {
    "a small rate ends in the pothole": situation(LOCAL_MINIMUM, Helipad(), 0.2, -8, 400),
    "a start in the pothole": situation(LOCAL_MINIMUM, Helipad(), 0.1, -4.9, 200),
    "a start at the bottom of a worse valley": situation(
        LOCAL_MINIMUM, TWO_VALLEYS, 0.01, 1.130901132166729, 50
    ),
    "still on the way to the pothole": situation(SLOW, Helipad(), 0.2, -8, 20),
    "momentum rolls through the pothole": situation(ESCAPED, Helipad(), 0.05, -8, 800, optimizer=Momentum()),
    "Adam strides through the pothole": situation(ESCAPED, Helipad(), 0.1, -8, 800, optimizer=Adam()),
    "from the right there is no pothole": situation(ARRIVED, Helipad(), 0.2, 8, 400),
    "long steps pass over the pothole": situation(ESCAPED, Helipad(), 0.7, -7, 400),
    "a cosine crosses the valley and lands": situation(ESCAPED, Helipad(), 2, -8, 300, schedule=Cosine(300)),
    "an exponential crosses the valley and lands": situation(
        ESCAPED, Helipad(), 1.2, -8, 300, schedule=Exponential(0.98)
    ),
    "chaos in the pothole": situation(BOUNDED, Helipad(), 0.9, -8, 2000),
    "the worse valley of x⁴ − 3x² + x": situation(LOCAL_MINIMUM, TWO_VALLEYS, 0.01, 2, 500),
    "the better valley from its own side": situation(ARRIVED, TWO_VALLEYS, 0.01, -2, 500),
    # 2 − 0.09·21 = 0.11 is left of the top at 0.17.
    "a first step over the top into the better valley": situation(ESCAPED, TWO_VALLEYS, 0.09, 2, 500),
    # −2 + 0.12·19 = 0.28: out of the best valley into the worse one.
    "a first step over the top into the worse valley": situation(LOCAL_MINIMUM, TWO_VALLEYS, 0.12, -2, 500),
    "momentum rolls through the worse valley": situation(
        ESCAPED, TWO_VALLEYS, 0.01, 2, 500, optimizer=Momentum()
    ),
    # λ = 14.3 at the minimum, ηλ = 2.86: each spiral out of it ends in a throw back near to it.
    "chaos that keeps being thrown back": situation(BOUNDED, TWO_VALLEYS, 0.2, -2, 500),
    "the two-cycle of the better valley": situation(CYCLE, TWO_VALLEYS, 0.15, 2, 500),
    "too large for any valley": situation(OVERFLOW, TWO_VALLEYS, 1, 2, 500),
    "a worse valley of x² + 10 sin(x)": situation(LOCAL_MINIMUM, Function("x**2 + 10*sin(x)"), 0.05, 6, 300),
}

DOMAINS = {
    "exp overflows after one step": situation(OVERFLOW, Function("exp(x**2)"), 1, 3, 50),
    "cosh overflows after one step": situation(OVERFLOW, Function("cosh(x)"), 1, 10, 100),
    "a step into the negative, where there is no log": situation(
        OVERFLOW, Function("10*x - log(x)"), 0.5, 3, 50
    ),
    "a step off the edge of √x": situation(OVERFLOW, Function("sqrt(x)"), 1, 1, 50),
    "a log with room": situation(ARRIVED, Function("x - log(x)"), 1, 0.1, 100),
    # exp(5)·0.1 throws it to −9.7, from where the slope of −1 brings it back.
    "a throw that exp survives": situation(ARRIVED, Function("exp(x) - x"), 0.1, 5, 300),
}

# Noise of size σ holds the mean excess of a bowl at ησ²/(2(2 − ηλ)).
NOISY = {
    "a noise ball 5 % as high as the start": situation(NOISE_FLOOR, BOWL, 0.1, 1, 1000, noise=1),
    "strong noise": situation(NOISE_FLOOR, BOWL, 0.1, 10, 1000, noise=5),
    # 0.5 % in the mean, although the last loss of this seed happens to be 2.5e-5.
    "a lucky last step": situation(NOISE_FLOOR, BOWL, 0.01, 1, 2000, noise=1),
    "noise too weak to matter": situation(ARRIVED, BOWL, 0.1, 10, 1000, noise=1e-4),
    "a noise ball that a rate near 2/λ blows up": situation(NOISE_FLOOR, BOWL, 1.9, 10, 1000, noise=1),
    "noise on top of divergence": situation(DIVERGING, BOWL, 2.2, 10, 200, noise=1),
    "noise on top of a tiny rate": situation(SLOW, BOWL, 1e-5, 10, 500, noise=0.1),
    "noise from the minimum on": situation(NOISE_FLOOR, BOWL, 0.1, 0, 500, noise=1),
    "noise that momentum adds up": situation(NOISE_FLOOR, BOWL, 0.05, 1, 2000, noise=1, optimizer=Momentum()),
    "noise that Adam turns into steps of η": situation(
        NOISE_FLOOR, BOWL, 1, 1, 2000, noise=1, optimizer=Adam()
    ),
    # The last rate holds it at 2.5e-5 of the start; which side it is on is chance.
    "drops of the rate shrink the ball": situation(
        {ARRIVED, OSCILLATING}, BOWL, 0.5, 10, 600, noise=1, schedule=MultiStep((200, 400))
    ),
    "a cosine shrinks the ball": situation(
        {ARRIVED, OSCILLATING}, BOWL, 0.5, 10, 1000, noise=1, schedule=Cosine(1000)
    ),
    "noise as strong as the slopes of a kink": situation(NOISE_FLOOR, KINK, 0.1, 24.5, 1000, noise=1),
    # The bounce of the kink carries ten times what the noise does.
    "a kink's bounce with a little noise": situation(
        {KINK_CYCLE, NOISE_FLOOR}, KINK, 1, 24.5, 300, noise=0.1
    ),
    "noise pushes off the ridge": situation(
        {ARRIVED, OSCILLATING}, Saddle(), 0.1, (1.0, 0.0), 500, noise=0.01
    ),
    # It stays within 0.12 of the bottom, inside the rim, and the last loss happens to be below the first.
    "noise that ends on a high in the pothole": situation(
        {LOCAL_MINIMUM, NOISE_FLOOR}, Helipad(), 0.03, -5, 400, noise=0.5, seed=7
    ),
    # 0.7 % above the pad in the mean: out of the pothole, and held up by the same noise.
    "noise kicks out of the pothole": situation(
        {ESCAPED, NOISE_FLOOR}, Helipad(), 0.5, -5.2, 1000, noise=0.2
    ),
}

# Many seeds of each: what noise does at a step is chance, what becomes of the run is not. Out of a basin
# whose rim is ΔL higher than its bottom it is thrown once in about exp(2ΔL/(ησ²)) steps (Kramers 1940).
SEEDS = tuple(range(40))
HELD, HELD_UP = {LOCAL_MINIMUM, NOISE_FLOOR}, NOISE_FLOOR
REGRESSION = LeastSquares()

SWARMS = {
    # ΔL = 0.013: the exponents are 22, 33, 26 and 132.
    "noise in the pothole": situation(HELD, Helipad(), 0.03, -5, 400, noise=0.2),
    "noise in the pothole at a lower rate": situation(HELD, Helipad(), 0.02, -4.95, 200, noise=0.2),
    "weak noise in the pothole at a higher rate": situation(HELD, Helipad(), 0.1, -5, 400, noise=0.1),
    "noise in the pothole, seen for 50 steps": situation(HELD, Helipad(), 0.02, -5, 50, noise=0.1),
    # ΔL = 1.2 and 3.6: exponents in the hundreds.
    "noise in the worse of two valleys": situation(HELD, TWO_VALLEYS, 0.01, 1.13, 400, noise=1),
    "noise in the better of two valleys": situation(HELD_UP, TWO_VALLEYS, 0.01, -1.3, 400, noise=1),
    # Next to nothing to lose: noise lifts the loss 10¹⁰-fold, to the same height as from anywhere else.
    "noise from a millionth beside the minimum on": situation(HELD_UP, BOWL, 0.1, 1e-6, 400, noise=1),
    "noise from the minimum on, seen for 30 steps": situation(HELD_UP, BOWL, 0.1, 0, 30, noise=1),
    "noise from the minimum on at a rate near 2/λ": situation(HELD_UP, BOWL, 1.9, 0, 400, noise=1),
    "noise around one of two wells": situation(HELD_UP, WELL, 0.1, 1, 400, noise=0.3),
    "noise that momentum adds up": situation(HELD_UP, BOWL, 0.05, 0, 400, noise=1, optimizer=Momentum()),
    "noise around a kink": situation(HELD_UP, KINK, 0.1, 19.1, 400, noise=1),
    "noise around one of Himmelblau's four": situation(
        HELD_UP, Himmelblau(), 0.005, (3.0, 2.0), 400, noise=3
    ),
    "noise in the basin of the plateau": situation(HELD_UP, Plateau(), 0.1, 0, 400, noise=0.3),
    "minibatches from the minimum on": situation(
        HELD_UP, REGRESSION, 0.1, REGRESSION.minima[0].x, 400, batch_size=8
    ),
    "minibatches of one sample": situation(HELD_UP, REGRESSION, 0.8, (0.0, 0.0), 640, batch_size=1),
    # |1 − ηλ| = 1.05, 1.1 and 1.2: the distance grows 17000, 117 and 38 times.
    "noise on top of 2.05/λ": situation(DIVERGING, BOWL, 2.05, 1, 200, noise=1),
    "noise on top of 2.1/λ": situation(DIVERGING, BOWL, 2.1, 1, 50, noise=0.05),
    "noise on top of 2.2/λ for 20 steps": situation(DIVERGING, BOWL, 2.2, 1, 20, noise=0.1),
    "noise on top of one steep axis": situation(
        DIVERGING, Quadratic((1.0, 10.0)), 0.21, (1.0, 1.0), 200, noise=1
    ),
    "noise on top of momentum beyond its bound": situation(
        DIVERGING, BOWL, 3.9, 1, 200, noise=1, optimizer=Momentum()
    ),
}

START = Network().default_start(0)
OVERFITTED = Network(samples=16, noise=0.5)
MOONS = Network(samples=512)

LEARNING = {
    "least squares": situation(ARRIVED, LeastSquares(), 0.5, (0.0, 0.0), 500),
    "least squares at 2.5/λ": situation(DIVERGING, LeastSquares(), 2.5, (0.0, 0.0), 100),
    "least squares at 2.5/λ until it overflows": situation(OVERFLOW, LeastSquares(), 2.5, (0.0, 0.0), 2000),
    "least squares by minibatches": situation(
        NOISE_FLOOR, LeastSquares(), 0.5, (0.0, 0.0), 500, batch_size=8
    ),
    "least squares by minibatches, slowly": situation(
        SLOW, LeastSquares(), 1e-4, (0.0, 0.0), 200, batch_size=8
    ),
    # Which side it ends on is the minibatches' chance.
    "least squares by minibatches with a cosine": situation(
        {ARRIVED, OSCILLATING},
        LeastSquares(),
        0.5,
        (0.0, 0.0),
        800,
        batch_size=8,
        schedule=Cosine(800),
    ),
    # Where every sample is fitted exactly, all minibatches agree on the minimum.
    "minibatches without label noise": situation(
        {ARRIVED, OSCILLATING}, LeastSquares(noise=0.0), 0.5, (0.0, 0.0), 500, batch_size=8
    ),
    # The training loss has arrived; the validation loss went from 7.0 back up to 8.1 on the way.
    "sixteen weights for twenty samples": situation(
        {ARRIVED, OVERFITTING}, LeastSquares(dimension=16, samples=20, noise=3.0), 0.5, (0.0,) * 16, 2000
    ),
    "logistic regression": situation(ARRIVED, LogisticRegression(), 1, (0.0, 0.0), 2000),
    "logistic regression, slowly": situation(SLOW, LogisticRegression(), 0.01, (0.0, 0.0), 200),
    # The same noise seen in the training or in the validation loss.
    "logistic regression by minibatches": situation(
        {NOISE_FLOOR, VALIDATION_PLATEAU}, LogisticRegression(), 1, (0.0, 0.0), 1000, batch_size=4
    ),
    "a network at a tiny rate": situation(SLOW, Network(), 1e-4, START, 200),
    # Training 0.009 and falling; validation from 0.28 at step 233 to 0.53.
    "a network trained for too long": situation(OVERFITTING, Network(), 1, START, 2000),
    # Validation from 0.43 at step 17 to 2.3.
    "a network that learns 16 points by heart": situation(
        OVERFITTING, OVERFITTED, 1, OVERFITTED.default_start(0), 3000
    ),
    # Validation hovers around 1.2; at a tenth of the rate it is half of that within 500 steps.
    "a network thrown about by small batches": situation(
        {VALIDATION_PLATEAU, NOISE_FLOOR}, MOONS, 3, MOONS.default_start(0), 2000, batch_size=4
    ),
    # All units are alike and the classes balanced, so that every gradient cancels.
    "a network that starts at 0": situation({SADDLE, PLATEAU}, Network(), 0.5, (0.0,) * 65, 300),
}

SITUATIONS: Mapping[str, Situation] = {
    name: each
    for group in (
        BOWLS,
        SCALES,
        KINKS,
        SMOOTH_CYCLES,
        MOMENTUM,
        ADAPTIVE,
        SCHEDULED,
        WELLS,
        LANDSCAPES,
        POTHOLES,
        DOMAINS,
        NOISY,
        LEARNING,
    )
    for name, each in group.items()
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_verdict_is_what_an_expert_would_sign(name: str) -> None:
    regimes, experiment = SITUATIONS[name]
    assert judge(simulate(experiment)).regime in regimes


@pytest.mark.parametrize("name", SWARMS)
def test_the_verdict_does_not_depend_on_the_seed(name: str) -> None:
    regimes, experiment = SWARMS[name]
    found = judge_all(simulate(replace(experiment, seed=SEEDS))).regimes
    assert set(found) <= regimes


def test_the_battery_covers_every_regime() -> None:
    signed = {regime for regimes, _ in SITUATIONS.values() for regime in regimes}
    assert signed == set(Regime)


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(objective=BOWL, rates=(0.01, 0.5, 1.5, 2.0, 2.1, 1e3), starts=((10.0,),), steps=150),
        Experiment(objective=KINK, rates=(0.1, 0.3, 1.0, 3.0), starts=((24.5,),), steps=100),
        Experiment(objective=Helipad(), rates=(0.2,), starts=((-8.0,), (8.0,), (-4.9,)), steps=400),
        Experiment(
            objective=BOWL,
            rates=(0.1,),
            starts=((10.0,),),
            steps=300,
            optimizer=(Momentum(), Nesterov(), Adam(), RMSProp()),
        ),
        Experiment(objective=BOWL, rates=(0.1,), starts=((1.0,),), steps=500, noise=1, seed=(1, 2, 3)),
    ],
    ids=["rates", "kink", "starts", "optimizers", "seeds"],
)
def test_lanes_side_by_side_are_judged_as_each_alone(experiment: Experiment) -> None:
    together = simulate(experiment)
    alone = [judge(simulate(experiment.lane(lane))) for lane in range(experiment.lanes)]
    judgement = judge_all(together)
    assert [judgement.verdict(lane) for lane in range(experiment.lanes)] == alone
    assert [judge(together, lane) for lane in range(experiment.lanes)] == alone
