from __future__ import annotations

import pytest
import real_engines


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_engines, "_found", dict)
    monkeypatch.delenv(real_engines.REQUIRE, raising=False)


@pytest.mark.usefixtures("bare")
def test_an_engine_that_is_not_here_skips_with_the_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match="no firefox: "):
        real_engines.engine_named("firefox")


@pytest.mark.usefixtures("bare")
def test_and_fails_where_engines_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(real_engines.REQUIRE, "1")
    with pytest.raises(pytest.fail.Exception, match="ISOLAB_REQUIRE_ENGINES=1, but no firefox: "):
        real_engines.engine_named("firefox")
