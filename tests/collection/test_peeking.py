from lrcards.collection.peeking import holds_media
from lrcards.collection.store import Collection


def test_whether_there_are_pictures_is_known_before_a_collection_is_opened(tmp_path):
    path = tmp_path / "a collection?.db"
    assert not holds_media(path)
    with Collection.open(path) as collection:
        assert not holds_media(path)
        with collection.writing() as database:
            database.execute("INSERT INTO media VALUES ('a.png', x'00')")
        assert holds_media(path)
    assert holds_media(path)


def test_what_is_no_collection_holds_none_and_stays_as_it_is(tmp_path):
    path = tmp_path / "other.db"
    path.write_bytes(b"something else")
    assert not holds_media(path)
    assert path.read_bytes() == b"something else"
