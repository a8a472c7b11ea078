"""How cards come back: parameters, options, retention, and what the answers come to."""

import click

from lrcards.commands.shared import as_json, collection_option, open_desk, print_json, progress_bar
from lrcards.printing import say


@click.command()
@click.option("--deck", metavar="NAME", help="Fit to this deck and its subdecks, for themselves.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_json
@collection_option
def fit(deck: str | None, dry_run: bool, as_json: bool) -> None:
    """Fit the FSRS parameters to your own log of reviews, and use them if they are better.

    The memory of every card is then computed anew; when cards are due stays. Decks that have parameters of
    their own are left alone.

    \b
    lrcards fit --dry-run
    lrcards fit --deck "Learning rate"
    """
    from lrcards import refit as refitting
    from lrcards.study.fitting import STAGES

    with open_desk() as desk:
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
    with progress_bar("Fitting") as progress:
        report = refitting.refit_file(
            lambda stages: progress(stages / STAGES), *learner, deck, dry_run=dry_run
        )
    if as_json:
        print_json(refitting.as_data(report, dry_run=dry_run))
        return
    for line in refitting.in_words(report):
        say(line)
    if dry_run:
        say("Nothing was changed.")


@click.command()
@click.argument("deck")
@click.argument("changes", nargs=-1, metavar="[KEY=VALUE…]")
@as_json
@collection_option
def options(deck: str, changes: tuple[str, ...], as_json: bool) -> None:
    """List the options of DECK with where each comes from, or change them for it and its subdecks.

    An empty value leaves an option to the decks above, and to config.toml. In the end the options are listed.

    \b
    lrcards options "Learning rate" desired_retention=0.92 learning_steps="1m 10m" review_order=random
    lrcards options "Learning rate" desired_retention=
    """
    from lrcards import deck_options
    from lrcards.text import clean

    texts = dict(text.partition("=")[::2] for text in changes)
    if not all("=" in text for text in changes):
        raise click.UsageError("An option is given as KEY=VALUE.")
    with open_desk() as desk:
        desk.require(deck)
        if texts:
            deck_options.change(desk.collection, deck, texts, desk.clock())
        rules = desk.rules
    if as_json:
        print_json(deck_options.as_data(rules, deck))
        return
    for line in deck_options.in_words(rules, deck):
        say(clean(line))


@click.command()
@click.argument("deck", required=False)
@as_json
@collection_option
def retention(deck: str | None, as_json: bool) -> None:
    """Simulate what each desired retention from 0.70 to 0.97 would cost and bring in DECK, or in all decks.

    The year is simulated with your own FSRS parameters, habits, limits and number of cards.

    \b
    lrcards retention
    lrcards retention "Learning rate" --json
    """
    from lrcards import retention as simulating
    from lrcards.study.simulator import RETENTIONS

    with open_desk() as desk:
        learner = desk.collection.path, desk.settings.study, desk.days, desk.clock()
    with progress_bar("Simulating") as progress:
        found = simulating.retentions(lambda done: progress(done / len(RETENTIONS)), *learner, deck)
    if as_json:
        print_json(simulating.as_data(found))
        return
    for line in simulating.in_words(found):
        say(line)


@click.command()
@click.argument("deck", required=False)
@as_json
@collection_option
def stats(deck: str | None, as_json: bool) -> None:
    """Say what the answers in DECK and its subdecks, or in all decks, come to.

    --json has everything that the app shows, days as text and times in seconds.

    \b
    lrcards stats
    lrcards stats "Learning rate" --json
    """
    from lrcards import stats as reporting

    with open_desk() as desk:
        statistics = reporting.statistics_of(desk.collection, desk.days, desk.clock(), deck)
    if as_json:
        print_json(reporting.as_data(statistics))
        return
    for line in reporting.in_words(statistics):
        say(line)
