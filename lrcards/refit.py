"""Fit a collection's parameters to its own log, and study with them if they are better."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lrcards.collection.parameters import answers_by_card, model_in_use, rules_in_use, use_model
from lrcards.collection.store import Collection
from lrcards.study.days import StudyDays
from lrcards.study.fitting import Fit, Progress, fit, lessons
from lrcards.study.limits import ALL_DECKS
from lrcards.study.memory import Evaluation, MemoryModel
from lrcards.study.options import Fitted
from lrcards.study.settings import StudySettings


@dataclass(frozen=True, slots=True)
class Refit:
    """What a fit changed in the collection.

    Attributes:
        fit: what came of fitting.
        recomputed: how many cards got their memory anew; when they are due stays as it was answered.
    """

    fit: Fit
    recomputed: int


def refit(
    collection: Collection,
    now: datetime,
    days: StudyDays,
    relearning_steps: int,
    *,
    deck: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Refit:
    """Fit parameters to the log; if they are better, store them and recompute the memory of their cards.

    Decks that have parameters of their own are left alone.

    Args:
        collection: where the log is.
        now: the instant (UTC); answers of later study days are not learnt from.
        days: tells study days.
        relearning_steps: how many a forgotten card takes.
        deck: fit only to the cards of the deck and its subdecks, and let it have its own parameters; ``None``
            for all decks.
        dry_run: change nothing.
        progress: told after each of the ``fitting.STAGES``.

    Raises:
        CollectionError: there is no such deck, or the collection cannot be read or written.
    """
    in_use = model_in_use(collection, deck).parameters
    today = days.day(now)
    log = answers_by_card(collection, today, deck)
    found = fit(lessons(log), in_use, relearning_steps, progress)
    if dry_run or not found.better:
        return Refit(found, recomputed=0)
    model, fitted = MemoryModel(found.parameters), Fitted(today, found.items)
    return Refit(found, recomputed=use_model(collection, model, now, deck, fitted))


def refit_file(
    report: Progress,
    path: Path,
    settings: StudySettings,
    days: StudyDays,
    now: datetime,
    deck: str | None = None,
    *,
    dry_run: bool = False,
) -> Refit:
    """Do what ``refit`` does, with the collection in a file and the relearning steps of the deck."""
    with Collection.open(path) as collection:
        options = rules_in_use(collection, settings, days).options(deck or ALL_DECKS)
        steps = len(options.scheduler.relearning_steps)
        return refit(collection, now, days, steps, deck=deck, dry_run=dry_run, progress=report)


def as_data(refit: Refit, *, dry_run: bool) -> dict[str, Any]:
    """Return the report as plain data for a script."""
    found, comparison = refit.fit, refit.fit.comparison
    return {
        "dry_run": dry_run,
        "reviews": found.items,
        "missing": found.missing,
        "better": found.better,
        "verdict": found.verdict,
        "parameters": list(found.parameters),
        "recomputed": refit.recomputed,
        "before": comparison and asdict(comparison.before),
        "after": comparison and asdict(comparison.after),
        "unseen_by_default": comparison and asdict(comparison.unseen_by_default),
        "unseen_by_fit": comparison and asdict(comparison.unseen_by_fit),
    }


def in_words(refit: Refit) -> list[str]:
    """Return the report as lines for a reader."""
    lines = []
    if comparison := refit.fit.comparison:
        lines += [
            f"{'':<46} log loss  RMSE(bins)",
            _row("the whole log, by the parameters in use", comparison.before),
            _row("the whole log, by new ones", comparison.after),
            _row("reviews not seen, by the default parameters", comparison.unseen_by_default),
            _row("reviews not seen, by ones fitted before them", comparison.unseen_by_fit),
        ]
    lines.append(refit.fit.verdict)
    if refit.recomputed:
        lines.append(
            f"The memory of {refit.recomputed} cards was computed anew; they stay due when they were."
        )
    return lines


def _row(what: str, evaluation: Evaluation) -> str:
    return f"{what:<46} {evaluation.log_loss:8.4f} {evaluation.rmse_bins:11.2%}"
