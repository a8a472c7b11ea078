"""What holds for the cards of a deck: the learner's settings, and what the deck or one above it changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lrcards.errors import SettingsError
from lrcards.study.hierarchy import path_to
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.limits import Limits
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.scheduler import SchedulerSettings


@dataclass(frozen=True, slots=True)
class DeckOptions:
    """What a deck changes for itself and its subdecks; ``None`` leaves it as it is above.

    Attributes:
        desired_retention: the probability of recall at which a card is shown again, 0.7 to 0.99.
        parameters: the FSRS parameters.
        new_per_day, reviews_per_day: the daily limits of the deck with all its subdecks.
        leech_threshold: how many lapses make a leech; 0 for never.
        leech_action: what becomes of a leech.

    Raises:
        SettingsError: naming every value that is not allowed.
    """

    desired_retention: float | None = None
    parameters: tuple[float, ...] | None = None
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    leech_threshold: int | None = None
    leech_action: LeechAction | None = None

    def __post_init__(self) -> None:
        problems = []
        checks: tuple[Callable[[], object], ...] = (
            lambda: self.on_scheduler(SchedulerSettings()),
            lambda: None if self.parameters is None else MemoryModel(self.parameters),
            lambda: self.on_limits(Limits()),
            lambda: self.on_leeches(LeechRule()),
        )
        for check in checks:
            try:
                check()
            except SettingsError as error:
                problems.append(error.what)
        if problems:
            raise SettingsError("; ".join(problems))

    def on_scheduler(self, settings: SchedulerSettings) -> SchedulerSettings:
        """Return the scheduler's settings with what the deck changes."""
        return _changed(settings, desired_retention=self.desired_retention)

    def on_limits(self, limits: Limits) -> Limits:
        """Return the limits with what the deck changes."""
        return _changed(limits, new_per_day=self.new_per_day, reviews_per_day=self.reviews_per_day)

    def on_leeches(self, rule: LeechRule) -> LeechRule:
        """Return the rule for leeches with what the deck changes."""
        return _changed(rule, threshold=self.leech_threshold, action=self.leech_action)


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What holds for the cards of a deck."""

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    limits: Limits = field(default_factory=Limits)
    leeches: LeechRule = field(default_factory=LeechRule)

    def changed_by(self, deck: DeckOptions) -> "StudyOptions":
        """Return the options with what a deck changes."""
        return StudyOptions(
            deck.on_scheduler(self.scheduler),
            self.parameters if deck.parameters is None else deck.parameters,
            deck.on_limits(self.limits),
            deck.on_leeches(self.leeches),
        )


def options_of(deck: str, changes: Mapping[str, DeckOptions], default: StudyOptions) -> StudyOptions:
    """Return what holds for a deck.

    Args:
        deck: the deck's name.
        changes: what decks change, by name; a subdeck's change is stronger than that of a deck above it.
        default: the learner's settings.
    """
    options = default
    for name in path_to(deck):
        if name in changes:
            options = options.changed_by(changes[name])
    return options


Part = TypeVar("Part", SchedulerSettings, Limits, LeechRule)


def _changed(part: Part, **values: Any) -> Part:
    return replace(part, **{name: value for name, value in values.items() if value is not None})
