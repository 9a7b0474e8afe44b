"""Every preset is a form that a scenario could have, says where it comes from, and has a scenario that measures it."""

from __future__ import annotations

import pytest

from isolab.resources import resource
from isolab.scenario.presets import Preset, preset_names, presets, side_of
from isolab.scenario.signin_form import ReturnsForm, SignInForm

ALL = list(presets().values())


@pytest.mark.parametrize("preset", ALL, ids=[preset.name for preset in ALL])
def test_a_preset_is_a_valid_form(preset: Preset) -> None:
    assert preset.signin is not None
    SignInForm.model_validate(preset.signin)
    if preset.returns is not None:
        ReturnsForm.model_validate(preset.returns)


@pytest.mark.parametrize("preset", ALL, ids=[preset.name for preset in ALL])
def test_a_preset_says_what_it_was_read_from(preset: Preset) -> None:
    assert preset.title
    assert preset.version
    assert preset.pages
    assert all(source.startswith("https://") for source in preset.sources)
    assert preset.sources


@pytest.mark.parametrize("preset", ALL, ids=[preset.name for preset in ALL])
def test_a_preset_has_a_scenario(preset: Preset) -> None:
    texts = [path.read_text(encoding="utf-8") for path in resource("scenarios").glob("sdk/*.yaml")]
    assert any(f"preset: {preset.name}" in text for text in texts)


def test_what_is_asked_for_on_the_wrong_side_is_nothing() -> None:
    assert "auth0" in preset_names("signin")
    assert "auth0" not in preset_names("returns")
    assert side_of("auth0", "returns") == side_of("nobody", "signin") == {}
