"""An experiment run without a screen: its report in words, in JSON and as a still picture."""

import json
import math
import shutil
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcards.descent.errors import SpecError
from lrcards.descent.presets import PRESETS, Preset
from lrcards.descent.run import Trajectory, simulate
from lrcards.descent.sweep import Sweep, sweep
from lrcards.descent.verdict import Verdict, judge
from lrcards.errors import ExperimentError
from lrcards.tui import plots
from lrcards.tui.widgets.inks import INKS
from lrcards.tui.widgets.raster import Piece, Raster

# SGR codes of the inks on a terminal of sixteen colours, readable on light and on dark.
_COLOURS = {
    "lane-1": "1;36",
    "lane-2": "1;33",
    "lane-3": "1;32",
    "lane-4": "1;31",
    "guide": "2",
    "optimum": "1;35",
}
_PICTURE_ROWS = 16


def find_preset(name: str, changes: Mapping[str, Any] | None = None) -> Preset:
    """Return the preset of that name, with changes in the words of a deck's ``lab`` block.

    Raises:
        ExperimentError: there is no such preset, or it cannot be run with these changes.
    """
    try:
        return Preset.from_data({"preset": name, **(changes or {})})
    except SpecError as error:
        raise ExperimentError(str(error), 'See "lrcards sim --list" and "lrcards sim --help"') from None


def list_presets(*, as_json: bool) -> str:
    """Return every preset with what to look at."""
    if as_json:
        return _json([{"preset": p.name, "title": p.title, "look_at": p.look_at} for p in PRESETS.values()])
    width = max(map(len, PRESETS))
    return "\n".join(f"{p.name:<{width}}  {p.title}. {p.look_at}" for p in PRESETS.values())


def report(
    name: str,
    *,
    rates: tuple[float, ...],
    optimizer: str | None,
    schedule: str | None,
    steps: int | None,
    start: str | None,
    seed: int | None,
    sweep: bool,
    as_json: bool,
    plot: bool,
    colour: bool,
) -> str:
    """Run a preset, changed by what is given, and return what happened.

    Args:
        name: the preset's.
        rates: a lane for each; none for the preset's own.
        optimizer, schedule: ``NAME`` or ``NAME:KNOB=VALUE,…``.
        steps, seed: as in an experiment.
        start: coordinates separated by commas.
        sweep: also try rates over decades, each judged by its own run.
        as_json: as one JSON document.
        plot: with a picture.
        colour: whether the picture may have colours.

    Raises:
        ExperimentError: it cannot be run; the message names every problem.
    """
    changes = {
        "rates": list(rates) or None,
        "optimizer": optimizer and _rule("optimizer", optimizer),
        "schedule": schedule and _rule("schedule", schedule),
        "steps": steps,
        "start": start and _numbers("start", start),
        "seed": seed,
    }
    preset = find_preset(name, {key: value for key, value in changes.items() if value is not None})
    trajectory = simulate(preset.experiment)
    verdicts = [judge(trajectory, lane) for lane in range(trajectory.lanes)]
    swept = _sweep(preset) if sweep else None
    if as_json:
        return _json(_document(preset, trajectory, verdicts, swept))
    parts = [_words(preset, trajectory, verdicts)]
    if plot:
        parts.append(_pictures(trajectory, colour=colour))
    if swept is not None:
        parts.append(_sweep_words(swept))
    return "\n\n".join(parts)


def _rule(kind: str, text: str) -> dict[str, Any]:
    """Read ``NAME:KNOB=VALUE,…``; raises ExperimentError if it is not of that form."""
    name, _, knobs = text.partition(":")
    rule: dict[str, Any] = {"name": name}
    for knob in filter(None, knobs.split(",")):
        key, equals, value = knob.partition("=")
        if not equals:
            raise ExperimentError(
                f"--{kind} has {knob!r}, but a knob is KNOB=VALUE", "For instance step:every=30"
            )
        rule[key.strip()] = _value(value.strip())
    return rule


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(number) for number in text.split(",")]
    except ValueError:
        raise ExperimentError(f"--{option} has {text!r}, but it is numbers separated by commas") from None


def _sweep(preset: Preset) -> Sweep:
    try:
        return sweep(preset.experiment)
    except SpecError as error:
        raise ExperimentError(str(error)) from None


# JSON


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def _plain(numbers: NDArray[np.float64]) -> Any:
    """Return an array as nested lists; a number that is not finite is "inf", "-inf" or "nan"."""
    if numbers.ndim == 0:
        number = float(numbers)
        return number if math.isfinite(number) else str(number)
    return [_plain(row) for row in numbers] if not np.isfinite(numbers).all() else numbers.tolist()


def _document(
    preset: Preset, trajectory: Trajectory, verdicts: list[Verdict], swept: Sweep | None
) -> dict[str, Any]:
    experiment = preset.experiment
    lowest = min(experiment.objective.minima, key=lambda minimum: minimum.value, default=None)
    one_dimensional = experiment.objective.dimension == 1
    document: dict[str, Any] = {
        "preset": preset.name,
        "objective": experiment.objective.name,
        "optimizer": _one_or_list([optimizer.name for optimizer in experiment.optimizers]),
        "schedule": _one_or_list([schedule.name for schedule in experiment.schedules]),
        "minimum": lowest and {"x": list(lowest.x), "loss": lowest.value},
        "lanes": [
            {
                "rate": float(experiment.lane_rates[lane]),
                "iterates": _plain(trajectory.iterates[:, lane, 0 if one_dimensional else slice(None)]),
                "losses": _plain(trajectory.losses[:, lane]),
                "rates": _plain(trajectory.rates[:, lane]),
                "verdict": {"regime": verdict.regime.value, "reasons": list(verdict.reasons)},
            }
            for lane, verdict in enumerate(verdicts)
        ],
    }
    if swept is not None:
        document["sweep"] = [
            {"rate": float(rate), "loss": _plain(loss), "regime": verdict.value, "label": swept.label(rate)}
            for rate, loss, verdict in zip(swept.rates, swept.losses, swept.regimes, strict=True)
        ]
    return document


def _one_or_list(names: list[str]) -> str | list[str]:
    """Return what all lanes share, or one for each."""
    return names[0] if len(set(names)) == 1 else names


# Words and pictures


def _words(preset: Preset, trajectory: Trajectory, verdicts: list[Verdict]) -> str:
    lines = [f"{preset.title} ({preset.name})", preset.look_at]
    for lane, (label, verdict) in enumerate(zip(preset.labels, verdicts, strict=True)):
        start, end = (", ".join(f"{x:.6g}" for x in trajectory.iterates[step, lane][:3]) for step in (0, -1))
        lines += [
            "",
            f"{plots.glyph(lane, trajectory.lanes)} {label}: {verdict.regime.caption}",
            *(f"  {reason}" for reason in verdict.reasons),
            f"  {trajectory.steps} steps from {start} to {end}; "
            f"loss {trajectory.losses[0, lane]:.6g} → {trajectory.losses[-1, lane]:.6g}",
        ]
    return "\n".join(lines)


def _pictures(trajectory: Trajectory, *, colour: bool) -> str:
    width = min(shutil.get_terminal_size().columns, 100)
    landscape = plots.landscape(trajectory, width, _PICTURE_ROWS)
    loss = plots.loss_curve(trajectory, trajectory.steps, width, _PICTURE_ROWS // 2, log=True)
    objective = trajectory.experiment.objective.name
    return "\n".join(
        [f"Objective: {objective}", _drawn(landscape, colour), "Loss (log)", _drawn(loss, colour)]
    )


def _drawn(raster: Raster, colour: bool) -> str:
    def in_colour(piece: Piece) -> str:
        code = _COLOURS.get(INKS[piece.ink]) if colour else None
        return f"\x1b[{code}m{piece.text}\x1b[0m" if code else piece.text

    return "\n".join("".join(map(in_colour, row)).rstrip() for row in raster.rows())


def _sweep_words(swept: Sweep) -> str:
    lines = [f"{'η':>10}  {'loss':>12}  {'against the others':<18}  alone"]
    for rate, loss, regime in zip(swept.rates, swept.losses, swept.regimes, strict=True):
        lines.append(f"{rate:>10.4g}  {loss:>12.6g}  {swept.label(rate) or '':<18}  {regime.caption}")
    return "\n".join(lines)
