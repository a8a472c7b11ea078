"""Schedules: the rate as a function of the updates so far, or of how the loss went, as PyTorch has them.

A schedule is a frozen spec; what it remembers is passed in and out::

    state = schedule.init(lanes)
    rate = schedule.rate(base, state)              # for the steps until the next update
    state = schedule.update(state, metric, base)   # metric: the loss that is watched

``base``, ``metric`` and ``rate`` are float64 of shape (lanes,). An update is a step or an epoch: whoever
runs the schedule decides, and every horizon below is counted in updates. Most schedules look at nothing but
their count, and draw their curve ahead of the run; reduce-on-plateau has no curve, since it answers to the
loss.

The one rule for a live edit of the rate: **the schedule's state stays, its base changes.** A run that is
halfway down a cosine and whose base is doubled goes on halfway down a cosine of twice the height, and one
whose rate was reduced tenfold stays reduced tenfold, from the new base.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lrcards.descent.schedules.chain import Chain
from lrcards.descent.schedules.counted import (
    Constant,
    Cosine,
    Counted,
    Exponential,
    InverseTime,
    MultiStep,
    OneCycle,
    StepDecay,
    WarmRestarts,
    Warmup,
)
from lrcards.descent.schedules.plateau import ReduceOnPlateau
from lrcards.descent.schedules.schedule import Schedule

__all__ = [
    "SCHEDULES",
    "Chain",
    "Constant",
    "Cosine",
    "Counted",
    "Exponential",
    "InverseTime",
    "MultiStep",
    "OneCycle",
    "ReduceOnPlateau",
    "Schedule",
    "StepDecay",
    "WarmRestarts",
    "Warmup",
]

SCHEDULES: Mapping[str, type[Schedule]] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            Constant,
            InverseTime,
            StepDecay,
            MultiStep,
            Exponential,
            Warmup,
            Cosine,
            WarmRestarts,
            OneCycle,
            ReduceOnPlateau,
            Chain,
        )
    }
)
