"""Days and months in words: each language's own words and order, and English without Babel."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import lrcards
from lrcards import dates
from lrcards.settings import Settings

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Monday 2 March", "2 March 2026", "2 Mar", "Mar 2026", "Mar", "Mon"]),
        ("en-US", ["Monday, March 2", "March 2, 2026", "Mar 2", "Mar 2026", "Mar", "Mon"]),
        ("de", ["Montag, 2. März", "2. März 2026", "2. März", "März 2026", "Mär", "Mo"]),
        ("ja", ["3月2日月曜日", "2026年3月2日", "3月2日", "2026年3月", "3月", "月"]),
        ("ar", ["الاثنين، 2 مارس", "2 مارس 2026", "2 مارس", "مارس 2026", "مارس", "الاثنين"]),
        ("pt_BR", ["segunda-feira, 2 de março", "2 de março de 2026", "2 de mar.", "mar. de 2026"]),
    ],
)
def test_a_language_has_its_own_words_in_its_own_order(language, words):
    ways = (
        dates.weekday_and_day,
        dates.day_and_year,
        dates.short_day,
        dates.short_month_and_year,
        dates.short_month,
        dates.short_weekday,
    )
    assert [way(DAY, language) for way in ways][: len(words)] == words


@pytest.mark.parametrize("language", ["tlh", "german", "", "de_XX", "../de"])
def test_an_unknown_language_is_named_with_its_line_and_english_is_used(tmp_path, language):
    path = tmp_path / "config.toml"
    path.write_text(f'# mine\n[display]\ndates = "{language}"\n', encoding="utf-8")
    settings = Settings.load(path)
    assert settings.dates == "en"
    (problem,) = settings.problems
    assert "config.toml:3: dates must be the code of a language, such as " in problem
    assert repr(language) in problem


def test_english_needs_neither_babel_nor_the_locale_of_the_process():
    code = (
        "import locale, sys; from datetime import date; from lrcards.dates import *;"
        "print(weekday_and_day(date(2026, 3, 2), 'en'), problem_with('en'), 'babel' in sys.modules)"
    )
    probe = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert probe.stdout.split() == ["Monday", "2", "March", "False"]


def test_no_other_place_writes_names_of_days_or_months_by_the_locale():
    by_locale = re.compile(r"%-?[aAbBcx]\b|calendar\.(day|month)_|import calendar")
    package = Path(lrcards.__file__).parent
    users = [path.name for path in package.rglob("*.py") if by_locale.search(path.read_text("utf-8"))]
    assert users == []
