"""The keys of all screens together, as a keymap sees them."""

from collections import Counter

from textual.binding import Binding

from lrcards.settings import Settings
from lrcards.tui.keymap import _nodes, bindings, unknown


def test_every_key_has_an_id_and_no_two_have_the_same():
    ids = Counter(
        binding.id
        for node in _nodes()
        for binding in node.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding)
    )
    assert None not in ids
    assert set(ids.values()) == {1}


def test_places_come_together_with_those_of_everywhere_first():
    places = list(dict.fromkeys(bound.place for bound in bindings()))
    assert places[:3] == ["app", "home", "study"]
    assert [bound.place for bound in bindings()] == sorted(
        (bound.place for bound in bindings()), key=places.index
    )


def test_unknown_ids_are_found():
    assert unknown(["study.undo", "study.redo"]) == ["study.redo"]


async def test_an_id_and_a_theme_that_do_not_exist_are_named(learner):
    own = Settings({"display": {"theme": "neon"}, "keys": {"study.redo": "z"}}, '\n"study.redo" = "z"\n')
    async with learner.at(settings=own) as app:
        await learner.until(lambda: len(learner.is_told()) == 2)
        assert "there is no theme 'neon'" in learner.is_told()[0]
        assert "config.toml:2: there is no key with the id 'study.redo'" in learner.is_told()[1]
        assert app.theme == "textual-dark"
