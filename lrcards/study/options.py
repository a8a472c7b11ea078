"""What holds for the cards of a deck: the learner's settings, and what the deck or one above it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from lrcards.errors import SettingsError
from lrcards.study.hierarchy import path_to
from lrcards.study.leeches import LeechAction, LeechRule
from lrcards.study.limits import Limits
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.orders import NewMix, NewOrder, ReviewOrder
from lrcards.study.queue import QueueSettings
from lrcards.study.scheduler import SchedulerSettings
from lrcards.study.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Fitted:
    """When FSRS parameters were fitted, and to how many reviews."""

    day: date
    reviews: int


@dataclass(frozen=True, slots=True)
class DeckOptions:
    """What a deck changes for itself and its subdecks; ``None`` leaves it as it is above.

    Attributes:
        desired_retention: the probability of recall at which a card is shown again, 0.7 to 0.99.
        parameters: the FSRS parameters.
        new_per_day, reviews_per_day: the daily limits of the deck with all its subdecks.
        leech_threshold: how many lapses make a leech; 0 for never.
        leech_action: what becomes of a leech.
        learning_steps, relearning_steps: the waits of a new and of a forgotten card.
        maximum_interval: the longest wait, in days.
        fuzz, load_balancing: whether intervals are moved a little, and to days on which little is due.
        review_order, new_order, new_mix: the order of the cards when this deck is studied.
        bury_new, bury_reviews: whether siblings wait until tomorrow when this deck is studied.
        fitted: when the parameters were fitted; ``None`` if they were not.

    Raises:
        SettingsError: naming every value that is not allowed.
    """

    desired_retention: float | None = None
    parameters: tuple[float, ...] | None = None
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    leech_threshold: int | None = None
    leech_action: LeechAction | None = None
    learning_steps: tuple[timedelta, ...] | None = None
    relearning_steps: tuple[timedelta, ...] | None = None
    maximum_interval: int | None = None
    fuzz: bool | None = None
    load_balancing: bool | None = None
    review_order: ReviewOrder | None = None
    new_order: NewOrder | None = None
    new_mix: NewMix | None = None
    bury_new: bool | None = None
    bury_reviews: bool | None = None
    fitted: Fitted | None = None

    def __post_init__(self) -> None:
        problems = []
        for part in (SchedulerSettings(), Limits(), QueueSettings(), LeechRule()):
            try:
                self.on(part)
            except SettingsError as error:
                problems.append(error.what)
        try:
            if self.parameters is not None:
                MemoryModel(self.parameters)
        except SettingsError as error:
            problems.append(error.what)
        if problems:
            raise SettingsError("; ".join(problems))

    def on(self, part: Any) -> Any:
        """Return a part of the settings with what the deck changes of it."""
        return replace(
            part,
            **{
                setting.field: value
                for name, setting in SETTINGS.items()
                if setting.part == _PARTS[type(part)] and (value := getattr(self, name, None)) is not None
            },
        )


_PARTS = {SchedulerSettings: "scheduler", Limits: "limits", QueueSettings: "queue", LeechRule: "leeches"}

DECK_SETTINGS = tuple(field.name for field in fields(DeckOptions) if field.name in SETTINGS)
"""The names of the settings that decks can change."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What holds for the cards of a deck."""

    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    limits: Limits = field(default_factory=Limits)
    leeches: LeechRule = field(default_factory=LeechRule)
    queue: QueueSettings = field(default_factory=QueueSettings)
    fitted: Fitted | None = None

    def changed_by(self, deck: DeckOptions) -> "StudyOptions":
        """Return the options with what a deck changes."""
        own = deck.parameters is not None
        return StudyOptions(
            deck.on(self.scheduler),
            deck.parameters if deck.parameters is not None else self.parameters,
            deck.on(self.limits),
            deck.on(self.leeches),
            deck.on(self.queue),
            deck.fitted if own else self.fitted,
        )

    def value(self, name: str) -> Any:
        """Return the value of one of the ``DECK_SETTINGS``, or the parameters."""
        return self.parameters if name == "parameters" else SETTINGS[name].of(self)


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


def source_of(name: str, deck: str, changes: Mapping[str, DeckOptions]) -> str | None:
    """Return the deck, this or one above it, whose value holds; ``None`` if it is the learner's for all."""
    for above in reversed(path_to(deck)):
        if above in changes and getattr(changes[above], name) is not None:
            return above
    return None
