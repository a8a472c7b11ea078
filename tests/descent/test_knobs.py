import pytest

from lrcards.descent.knobs import KnobInfo, describe
from lrcards.descent.optimizers import OPTIMIZERS, Momentum
from lrcards.descent.schedules import SCHEDULES, MultiStep, ReduceOnPlateau


def test_a_knob_is_listed_with_its_default_its_range_and_its_meaning():
    assert describe(Momentum)[0] == KnobInfo(
        name="momentum",
        kind=float,
        default=0.9,
        allowed="a number at least 0 and below 1",
        meaning="share of the velocity that is kept from step to step",
    )


def test_a_knob_without_a_default_must_be_given():
    (milestones, factor) = describe(MultiStep)
    assert milestones.kind is tuple
    assert milestones.default is None
    assert milestones.allowed == "one or more rising whole numbers at least 1"
    assert factor.default == 0.1


def test_a_knob_that_is_a_word_lists_its_words():
    (mode,) = (knob for knob in describe(ReduceOnPlateau) if knob.kind is str)
    assert mode.allowed == "'rel' or 'abs'"


@pytest.mark.parametrize("spec", [*OPTIMIZERS.values(), *SCHEDULES.values()])
def test_every_number_and_word_of_every_spec_is_described(spec):
    numbers = {name for name in spec.__dataclass_fields__ if name != "schedules"}
    assert {knob.name for knob in describe(spec)} == numbers
    assert all(knob.meaning and knob.allowed for knob in describe(spec))
