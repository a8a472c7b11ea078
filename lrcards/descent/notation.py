"""Experiments as plain data and as TOML: how a card, a preset and the command line write one.

An experiment is a table; ``rate`` and ``start`` may also be given as ``rates`` and ``starts``, one for each
lane, and so may lists of optimizers, schedules and seeds::

    objective = {name = "quadratic", curvatures = [1.0, 50.0]}
    optimizer = ["gd", {name = "momentum", momentum = 0.8}]
    schedule = {name = "cosine", updates = 100}
    rate = 0.02
    start = [-8.0, 2.0]
    steps = 100

A name alone stands for a rule with its defaults, and ``objective = {function = "x**4 - 3*x**2"}`` for a
function of one's own. ``preset = "kink"`` starts from a preset instead, and the other keys change it.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from reprlib import repr as shown
from typing import Any, get_args, get_origin, get_type_hints

from lrcards.descent.errors import SpecError, unknown
from lrcards.descent.experiment import Experiment
from lrcards.descent.expression import Function
from lrcards.descent.learning import DataObjective, LeastSquares, LogisticRegression
from lrcards.descent.network import Network
from lrcards.descent.objectives import AbsoluteDeviations, DoubleWell, Objective, Quadratic
from lrcards.descent.optimizers import OPTIMIZERS, Optimizer
from lrcards.descent.schedules import SCHEDULES, Schedule
from lrcards.descent.surfaces import Catapult, Helipad, Himmelblau, Plateau, Rosenbrock, Saddle

OBJECTIVES: Mapping[str, type[Objective]] = {
    "quadratic": Quadratic,
    "kink": AbsoluteDeviations,
    "double-well": DoubleWell,
    "helipad": Helipad,
    "saddle": Saddle,
    "plateau": Plateau,
    "rosenbrock": Rosenbrock,
    "himmelblau": Himmelblau,
    "catapult": Catapult,
    "least-squares": LeastSquares,
    "logistic": LogisticRegression,
    "network": Network,
    "function": Function,
}
_RULES: dict[type, tuple[str, Mapping[str, type]]] = {
    Objective: ("objective", OBJECTIVES),
    Optimizer: ("optimizer", OPTIMIZERS),
    Schedule: ("schedule", SCHEDULES),
}
_KINDS: dict[Any, tuple[str, Any]] = {
    bool: ("true or false", bool),
    int: ("a whole number", int),
    float: ("a number", (int, float)),
    str: ("a text", str),
}


def from_data(data: Mapping[str, Any]) -> Experiment:
    """Return the experiment that plain data describes.

    Raises:
        SpecError: naming every key that is not known, not of its type or missing, or every problem of the
            experiment itself.
    """
    if not isinstance(data, Mapping):
        raise SpecError(f"an experiment is a table of keys and values, not {shown(data)}")
    problems: list[str] = []
    given: dict[str, Any] = {}
    for key, value in data.items():
        field, read = _KEYS.get(key, ("", None))
        if read is None:
            problems.append(unknown("key", str(key), _KEYS))
        elif field in given:
            problems.append(f"{key!r} is given twice, as one for all lanes and as one for each")
        else:
            given[field] = _attempt(problems, read, f"{key!r}", value)
    if problems:
        raise SpecError(*problems)
    if "preset" in given:
        base: Experiment = given.pop("preset")
        return replace(base, **given)
    objective = given.get("objective")
    if isinstance(objective, DataObjective):
        given.setdefault("starts", (objective.default_start(0),))
    needed = {"objective": "objective", "rates": "rate", "starts": "start", "steps": "steps"}
    missing = [key for field, key in needed.items() if field not in given]
    if missing:
        raise SpecError(f"the experiment has no {', no '.join(missing)}")
    return Experiment(**given)


def to_data(experiment: Experiment) -> dict[str, Any]:
    """Return the plain data from which ``from_data`` makes an equal experiment, defaults left out."""
    data: dict[str, Any] = {"objective": _rule_data(experiment.objective)}
    data |= _one_or_many("optimizer", experiment.optimizer, _rule_data)
    data |= _one_or_many("schedule", experiment.schedule, _rule_data)
    data |= _short("rate", [float(rate) for rate in experiment.rates])
    data |= _short("start", [[float(c) for c in start] for start in experiment.starts])
    data |= {"steps": int(experiment.steps)}
    data |= _one_or_many("seed", experiment.seed, int)
    data |= {"noise": float(experiment.noise), "update_every": int(experiment.update_every)}
    if experiment.batch_size is not None:
        data |= _one_or_many("batch_size", experiment.batch_size, int)
    defaults = {"optimizer": "gd", "schedule": "constant", "seed": 0, "noise": 0.0, "update_every": 1}
    return {key: value for key, value in data.items() if key not in defaults or value != defaults[key]}


def from_toml(text: str) -> Experiment:
    """Return the experiment that a TOML document describes.

    Raises:
        SpecError: as ``from_data``, and for a text that is not TOML.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"this is not TOML: {error}") from None
    except RecursionError:
        raise SpecError("the experiment is nested too deeply") from None
    return from_data(data)


def to_toml(experiment: Experiment) -> str:
    """Return the TOML document from which ``from_toml`` makes an equal experiment."""
    return "".join(f"{key} = {_toml(value)}\n" for key, value in to_data(experiment).items())


def _attempt(problems: list[str], read: Callable[..., Any], *arguments: Any) -> Any:
    """Return what is read, or ``None`` after noting what is wrong."""
    try:
        return read(*arguments)
    except SpecError as error:
        problems.extend(error.problems)
    except RecursionError:
        problems.append("the experiment is nested too deeply")
    return None


def _value(where: str, value: Any, kind: Any) -> Any:
    """Return a value as the type that a field is annotated with."""
    if kind in _RULES:
        return _rule(value, kind)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise SpecError(f"{where} must be a list, not {shown(value)}")
        return tuple(_value(f"an entry of {where}", entry, get_args(kind)[0]) for entry in value)
    words, types = _KINDS[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and kind is not bool):
        raise SpecError(f"{where} must be {words}, not {shown(value)}")
    try:
        return kind(value)
    except OverflowError:
        raise SpecError(f"{where} must be {words} that a float can hold") from None


def _rule(value: Any, kind: type) -> Any:
    """Return the rule that a name, or a table with a name and knobs, describes."""
    what, known = _RULES[kind]
    knobs = dict(value) if isinstance(value, Mapping) else {"name": value}
    if kind is Objective and "function" in knobs:
        knobs = {"name": "function", "text": knobs.pop("function"), **knobs}
    name = knobs.pop("name", None)
    if not isinstance(name, str):
        raise SpecError(f"the {what} must be a name, or a table with a name, not {shown(value)}")
    if name not in known:
        raise SpecError(unknown(what, name, known))
    spec = known[name]
    hints = get_type_hints(spec)
    needed = {field.name: field.default is MISSING for field in fields(spec)}
    problems = [unknown(f"knob of the {what} {name!r}", knob, needed) for knob in knobs if knob not in needed]
    problems += [
        f"the {what} {name!r} needs {knob!r}"
        for knob, is_needed in needed.items()
        if is_needed and knob not in knobs
    ]
    read = {
        knob: _attempt(problems, _value, f"{knob!r}", given, hints[knob])
        for knob, given in knobs.items()
        if knob in needed
    }
    if problems:
        raise SpecError(*problems)
    return spec(**read)


def _reader(kind: Any) -> Callable[[str, Any], Any]:
    return lambda where, value: _value(where, value, kind)


def _one_or_each(kind: Any) -> Callable[[str, Any], Any]:
    """Read one value for all lanes, or a list with one for each."""
    return lambda where, value: _value(
        where, value, tuple[kind, ...] if isinstance(value, list | tuple) else kind
    )


def _start(where: str, value: Any) -> tuple[float, ...]:
    """Read a point: a list of coordinates, or the one coordinate that there is."""
    point: tuple[float, ...] = _value(
        where, value if isinstance(value, list | tuple) else [value], tuple[float, ...]
    )
    return point


def _starts(where: str, value: Any) -> tuple[tuple[float, ...], ...]:
    if not isinstance(value, list | tuple):
        raise SpecError(f"{where} must be a list, not {shown(value)}")
    return tuple(_start(f"an entry of {where}", point) for point in value)


def _preset(where: str, value: Any) -> Experiment:
    # Presets are written in this notation, so that their module needs this one first.
    from lrcards.descent.presets import preset

    return preset(_value(where, value, str)).experiment


# The field that a key fills, and how its value is read.
_KEYS: dict[str, tuple[str, Callable[[str, Any], Any] | None]] = {
    "preset": ("preset", _preset),
    "objective": ("objective", _reader(Objective)),
    "optimizer": ("optimizer", _one_or_each(Optimizer)),
    "schedule": ("schedule", _one_or_each(Schedule)),
    "rate": ("rates", lambda where, value: (_value(where, value, float),)),
    "rates": ("rates", _reader(tuple[float, ...])),
    "start": ("starts", lambda where, value: (_start(where, value),)),
    "starts": ("starts", _starts),
    "steps": ("steps", _reader(int)),
    "seed": ("seed", _one_or_each(int)),
    "noise": ("noise", _reader(float)),
    "batch_size": (
        "batch_size",
        lambda where, value: None if value is None else _one_or_each(int)(where, value),
    ),
    "update_every": ("update_every", _reader(int)),
}


def _rule_data(rule: Any) -> Any:
    """Return a name, or a table with a name and the knobs that are not at their defaults."""
    if isinstance(rule, Function):
        return {"function": rule.text}
    knobs = {
        field.name: _plain(getattr(rule, field.name))
        for field in fields(rule)
        if getattr(rule, field.name) != field.default
    }
    return {"name": rule.name, **knobs} if knobs else rule.name


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return _rule_data(value) if isinstance(value, Schedule) else value


def _one_or_many(key: str, value: Any, plain: Callable[[Any], Any]) -> dict[str, Any]:
    return {key: [plain(part) for part in value] if isinstance(value, tuple) else plain(value)}


def _short(key: str, values: list[Any]) -> dict[str, Any]:
    """Name one value for all lanes in the singular."""
    return {key: values[0]} if len(values) == 1 else {f"{key}s": values}


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_toml(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
