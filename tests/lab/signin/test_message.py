from __future__ import annotations

import pytest

from isolab.lab.signin.message import Asked, Refused, single, with_fragment, with_query


def test_a_form_counts_only_with_its_type() -> None:
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert Asked("POST", "https://a.example/?q=1", form, "a=1&b=&a=2").params == (("a", "1"), ("b", ""), ("a", "2"))
    assert Asked("POST", "https://a.example/?q=1", {"content-type": "text/plain"}, "a=1").params == ()
    assert Asked("GET", "https://a.example/?q=1&r", form, "a=1").params == (("q", "1"), ("r", ""))


def test_cookies_are_found_by_name() -> None:
    asked = Asked("GET", "https://a.example/", {"cookie": "a=1; isolab-session=x_y-z"})
    assert (asked.cookie("isolab-session"), asked.cookie("b")) == ("x_y-z", None)
    assert Asked("GET", "https://a.example/", {"cookie": "\x00;;=,"}).cookie("a") is None


def test_each_parameter_comes_once_and_an_empty_one_is_none() -> None:
    assert single((("a", "1"), ("b", ""))) == {"a": "1"}
    with pytest.raises(Refused, match="invalid_request: the parameter a is there twice"):
        single((("a", "1"), ("a", "1")))


def test_parameters_are_added_to_what_is_there() -> None:
    assert with_query("https://a.example/p?x=1#f", (("y", "ü &"),)) == "https://a.example/p?x=1&y=%C3%BC+%26#f"
    assert with_query("https://a.example/p", ()) == "https://a.example/p"
    assert with_fragment("https://a.example/p?x=1", (("y", "2"),)) == "https://a.example/p?x=1#y=2"
