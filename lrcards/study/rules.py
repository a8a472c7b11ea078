"""What holds for each deck: how cards are scheduled, how many a day brings, what becomes of leeches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from lrcards.cards.model import Card
from lrcards.study.days import StudyDays
from lrcards.study.limits import ALL_DECKS, Limits
from lrcards.study.memory import DEFAULT_PARAMETERS, MemoryModel
from lrcards.study.options import DeckOptions, Fitted, StudyOptions, options_of
from lrcards.study.orders import Recall
from lrcards.study.scheduler import Scheduler
from lrcards.study.settings import StudySettings


@dataclass(frozen=True)
class Rules:
    """The learner's settings, and what decks change of them.

    Attributes:
        settings: what the learner chose for all decks.
        days: tells study days.
        parameters: the FSRS parameters of decks that have none of their own.
        decks: what decks change for themselves and their subdecks, by name.
        fitted: when the parameters were fitted; ``None`` if they were not.
    """

    settings: StudySettings
    days: StudyDays
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    decks: Mapping[str, DeckOptions] = field(default_factory=dict)
    fitted: Fitted | None = None
    _schedulers: dict[str, Scheduler] = field(default_factory=dict, init=False, repr=False, compare=False)

    def options(self, deck: str) -> StudyOptions:
        """Return what holds for the cards of a deck; of ``ALL_DECKS``, what the learner chose."""
        return options_of(deck, self.decks, self._default)

    @cached_property
    def _default(self) -> StudyOptions:
        of = self.settings
        return StudyOptions(of.scheduler, self.parameters, of.limits, of.leeches, of.queue, self.fitted)

    def scheduler(self, deck: str) -> Scheduler:
        """Return the scheduler of a deck."""
        if deck not in self._schedulers:
            options = self.options(deck)
            self._schedulers[deck] = Scheduler(options.scheduler, MemoryModel(options.parameters), self.days)
        return self._schedulers[deck]

    def limits(self, decks: Iterable[str]) -> dict[str, Limits]:
        """Return the daily limits of decks by their names; ``ALL_DECKS`` may be one."""
        return {deck: self.options(deck).limits for deck in decks}

    def recall(self, decks: Mapping[str, str]) -> Recall:
        """Return what tells how likely a card is to be recalled on a study day.

        Args:
            decks: the name of the deck of each note, by the note's guid.
        """

        def recall(card: Card, day: date) -> float:
            return self.scheduler(decks.get(card.note_guid, ALL_DECKS)).recall(card, day)

        return recall
