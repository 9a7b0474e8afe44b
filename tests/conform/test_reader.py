from __future__ import annotations

import pytest

from isolab.conform.reader import NotStagedError, Reader

ROW = {"opener": {"coop": "same-origin", "scheme": "https"}, "open": None, "twice": True, "name": 7}


def test_fields_are_read_by_their_type() -> None:
    reader = Reader(ROW)
    assert reader.part("opener").text("coop") == "same-origin"
    assert reader.flag("twice") is True
    assert reader.part("open").text("method", "window.open") == "window.open"
    assert reader.has("name")
    assert not reader.has("popup")
    assert reader.get("name") == 7


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda reader: reader.text("name"), "the row's name is 7, which is not known"),
        (lambda reader: reader.flag("name"), "the row's name is 7, which is not known"),
        (lambda reader: reader.part("name"), "the row's name is 7, which is not known"),
        (lambda reader: reader.part("opener").one_of("scheme", "http", "ws"), "the row's opener.scheme is 'https'"),
    ],
)
def test_what_is_of_another_type_or_no_choice_is_refused(read: object, message: str) -> None:
    assert callable(read)
    with pytest.raises(NotStagedError, match=message):
        read(Reader(ROW))


def test_the_first_choice_stands_for_what_is_not_there() -> None:
    assert Reader({}).one_of("scheme", "https", "http") == "https"
    assert Reader({"scheme": None}).one_of("scheme", None, "http") is None


def test_what_nobody_has_read_is_told_by_its_path() -> None:
    reader = Reader(ROW)
    reader.part("opener").text("coop")
    reader.flag("twice")
    reader.part("open")
    assert list(reader.unread()) == ["name", "opener.scheme"]
    with pytest.raises(NotStagedError, match=r"the row has name, opener\.scheme, which is not known"):
        reader.finish()


def test_a_part_that_nobody_has_read_is_told_as_a_whole() -> None:
    assert list(Reader(ROW).unread()) == ["opener", "open", "twice", "name"]
