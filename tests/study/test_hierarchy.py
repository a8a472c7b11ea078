from lrcards.study.hierarchy import is_within, path_to


def test_a_path_names_every_level_down_to_the_name() -> None:
    assert path_to("A::B::C") == ("A", "A::B", "A::B::C")
    assert path_to("A") == ("A",)


def test_a_namesake_is_not_within() -> None:
    assert is_within("A::B", "A")
    assert is_within("A", "A")
    assert not is_within("AB", "A")
    assert not is_within("A", "A::B")
