"""The reference of the deck format names everything that an experiment can be made of."""

from dataclasses import fields
from pathlib import Path

import pytest

from lrcards.descent.notation import OBJECTIVES
from lrcards.descent.optimizers import OPTIMIZERS
from lrcards.descent.questions import KINDS
from lrcards.descent.schedules import SCHEDULES

REFERENCE = (Path(__file__).parents[1] / "decks" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "registry", [OBJECTIVES, OPTIMIZERS, SCHEDULES], ids=["objective", "optimizer", "schedule"]
)
def test_every_rule_and_every_knob_is_named(registry):
    for name, rule in registry.items():
        assert f"`{name}`" in REFERENCE
        if name != "function":
            assert [field.name for field in fields(rule) if f"`{field.name}`" not in REFERENCE] == []


def test_every_kind_of_question_is_named():
    assert [kind for kind in KINDS if f'`"{kind}"`' not in REFERENCE] == []
