"""The named experiments that cards, the lab and the command line refer to, each with what to look at."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lrcards.descent.errors import SpecError, unknown
from lrcards.descent.experiment import Experiment
from lrcards.descent.knobs import describe
from lrcards.descent.optimizers import Optimizer
from lrcards.descent.schedules import Schedule


@dataclass(frozen=True)
class Preset:
    """An experiment that shows one thing.

    Attributes:
        name: what cards call it; empty for an experiment without a preset.
        title: a heading.
        look_at: one sentence that says what to look at.
        experiment: what is run.
        labels: what each lane is called.
    """

    name: str
    title: str
    look_at: str
    experiment: Experiment
    labels: tuple[str, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Preset":
        """Return the preset that a card names, with the card's changes, or one made of a whole experiment.

        Raises:
            SpecError: the data is no experiment; every problem is named.
        """
        experiment = Experiment.from_data(data)
        if "preset" not in data:
            title = f"Own experiment: {experiment.objective.name}"
            return cls("", title, "", experiment, lane_labels(experiment))
        base = preset(data["preset"])
        if experiment == base.experiment:
            return base
        return replace(base, experiment=experiment, labels=lane_labels(experiment))


def preset(name: str) -> Preset:
    """Return the preset of that name.

    Raises:
        SpecError: there is none; the message suggests the nearest.
    """
    if name not in PRESETS:
        raise SpecError(unknown("preset", name, PRESETS))
    return PRESETS[name]


def lane_labels(experiment: Experiment) -> tuple[str, ...]:
    """Return what to call each lane: what tells it from the others, or its rate if nothing does."""
    aspects = {
        "optimizer": _rule_labels(experiment.optimizers),
        "schedule": _rule_labels(experiment.schedules),
        "start": [f"from {', '.join(f'{c:g}' for c in start[:2])}" for start in experiment.lane_starts],
        "rate": [f"η = {rate:g}" for rate in experiment.lane_rates],
        "seed": [f"seed {seed}" for seed in experiment.seeds],
        "batch": [f"batch {size}" for size in experiment.batch_sizes],
    }
    telling = [words for words in aspects.values() if len(set(words)) > 1] or [aspects["rate"]]
    return tuple(", ".join(words) for words in zip(*telling, strict=True))


def _rule_labels(rules: Sequence[Optimizer | Schedule]) -> list[str]:
    """Return the name of each lane's rule, with the knobs that tell it from another rule of that name."""
    written = []
    for rule in rules:
        others = [other for other in rules if type(other) is type(rule)]
        telling = [
            f"{knob.name} = {getattr(rule, knob.name)}"
            for knob in describe(type(rule))
            if any(getattr(other, knob.name) != getattr(rule, knob.name) for other in others)
        ]
        written.append(", ".join([rule.name, *telling]))
    return written


def _load() -> Mapping[str, Preset]:
    text = files("lrcards.descent").joinpath("presets.toml").read_text(encoding="utf-8")
    presets = {}
    for name, entry in tomllib.loads(text).items():
        title, look_at, own_labels = entry.pop("title"), entry.pop("look_at"), entry.pop("labels", None)
        experiment = Experiment.from_data(entry)
        presets[name] = Preset(name, title, look_at, experiment, tuple(own_labels or lane_labels(experiment)))
    return MappingProxyType(presets)


PRESETS: Mapping[str, Preset] = _load()
