"""The keys of all screens together, as a keymap sees them."""

from collections import Counter

from textual.binding import Binding

from lrcards.settings import Settings
from lrcards.tui.keymap import _nodes, bindings, taken_by, unknown


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


def test_a_key_is_taken_where_something_else_has_it_but_not_elsewhere():
    every = bindings()
    exams = next(bound for bound in every if bound.identifier == "home.exams")
    reveal = next(bound for bound in every if bound.identifier == "study.reveal")

    def taken(bound, key, keymap=None):
        other = taken_by(bound, key, every, keymap or {})
        return other and other.identifier

    assert taken(exams, "s") == "home.stats"
    assert taken(exams, "s", {"home.stats": "S"}) is None
    assert taken(exams, "f2") == "app.theme"
    assert taken(exams, "u") is None
    assert taken(reveal, "space", {"study.rate": "space"}) is None


async def test_another_key_is_pressed_told_if_taken_and_taken_back(learner, tmp_path, monkeypatch):
    file = tmp_path / "config.toml"
    monkeypatch.setattr("lrcards.tui.screens.keys.settings_file", lambda: file)
    async with learner.at() as app:
        await learner.press("comma", "K")
        rows = learner.screen.query_one("KeyList")
        rows.highlighted = rows.get_option_index("home.exams")
        await learner.press("enter", "s")
        assert "s is already there for “Statistics”" in learner.sees()
        await learner.press("X")
        assert file.read_text() == '[keys]\n"home.exams" = "X"\n'
        await learner.press("q", "q", "X")
        assert learner.screen.title == "exams"
        await learner.press("q", "comma", "K")
        rows = learner.screen.query_one("KeyList")
        rows.highlighted = rows.get_option_index("home.exams")
        await learner.press("x")
        assert app.settings.keys == {}


async def test_an_id_and_a_theme_that_do_not_exist_are_named(learner):
    own = Settings({"display": {"theme": "neon"}, "keys": {"study.redo": "z"}}, '\n"study.redo" = "z"\n')
    async with learner.at(settings=own) as app:
        await learner.until(lambda: len(learner.is_told()) == 2)
        assert "there is no theme 'neon'" in learner.is_told()[0]
        assert "config.toml:2: there is no key with the id 'study.redo'" in learner.is_told()[1]
        assert app.theme == "textual-dark"
