"""Check a collection against itself: the file, its tables, and every card against its log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlite_utils.db import Database

from lrcards.cards.model import Card
from lrcards.collection.replaying import move_card, replays
from lrcards.collection.rows import SELECT_REVIEWS, review_from_row, rows_of
from lrcards.collection.store import Collection
from lrcards.collection.tallies import recount, tally_problems
from lrcards.collection.texts import read_all_again, text_problems
from lrcards.study.log_problems import log_problems
from lrcards.study.rules import Rules


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        cards, reviews: how many there are.
        problems: one sentence for each thing that is wrong, and was not mended.
        mended: one sentence for each card that was put where its log leads, and each cache made anew.
        oddities: one sentence for each entry of the log that cannot be as it stands; replays cope with it.
    """

    cards: int
    reviews: int
    problems: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return not self.problems


def check(
    collection: Collection, rules: Rules, *, rebuild: bool = False, now: datetime | None = None
) -> CheckReport:
    """Check the file and its tables, compare every card and every tally with the log, and what is searched.

    With ``rebuild``, every card that is not where its log leads is put there, the tallies are counted again,
    and what is searched is read again if it is wrong, in one transaction. Reviews whose card is not in the
    collection are no problem: a merge brings logs before cards. With the instant ``now``, the entries of the
    log are looked at one by one, too.

    Raises:
        CollectionError: the file is too damaged to be read.
    """
    with collection.writing() if rebuild else collection.reading() as database:
        astray = [(card, there) for card, there in replays(database, rules) if card != there]
        in_the_file = tuple(_file_problems(database))
        in_caches = (
            *(_astray_problem(card, there) for card, there in astray),
            *tally_problems(database),
            *text_problems(database),
        )
        if rebuild:
            for _, there in astray:
                move_card(database, there)
            recount(database)
            if any(text_problems(database)):
                read_all_again(database)
        return CheckReport(
            cards=database.table("cards").count,
            reviews=database.table("reviews").count,
            problems=in_the_file if rebuild else in_the_file + in_caches,
            mended=in_caches if rebuild else (),
            oddities=() if now is None else tuple(_oddities(database, now)),
        )


def _file_problems(database: Database) -> Iterator[str]:
    for (finding,) in database.execute("PRAGMA integrity_check"):
        if finding != "ok":
            yield f"The file is damaged: {finding}."
    for table, row, parent, _ in database.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} belongs to a row of {parent} that is missing."


def _oddities(database: Database, now: datetime) -> Iterator[str]:
    log = rows_of(database, f"{SELECT_REVIEWS} ORDER BY card_guid, at, id", {})
    for _, rows in groupby(log, key=itemgetter("card_guid")):
        yield from log_problems(map(review_from_row, rows), now)


def _astray_problem(card: Card, there: Card) -> str:
    if card.reviews != there.reviews:
        return f"Card {card.guid} says {card.reviews} reviews, but its log has {there.reviews}."
    return f"Card {card.guid} is not where its log leads ({card.phase}, due {card.due_at or card.due_day})."
