"""Static checks of what is inlined into the page: its scripts, its styles and its template."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pictured import pictured

import isolab.reports.html as package
from isolab.reports.html import render
from isolab.reports.html.inlined import SCRIPTS, STYLES, policy, script, style

FOLDER = Path(package.__file__).parent
INLINED = FOLDER / "inlined"
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTML|DOMParser|srcdoc"
    r"|\beval\b|new Function|javascript:|setTimeout\(['\"]"
)


def test_every_file_is_inlined() -> None:
    assert {path.name for path in INLINED.iterdir()} == {*SCRIPTS, *STYLES, "report.html.j2"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_makes_markup_of_text(name: str) -> None:
    assert MARKUP.findall((INLINED / name).read_text(encoding="utf-8")) == []


def test_an_address_is_set_in_one_place_only() -> None:
    places = [
        name for name in SCRIPTS if re.search(r"\bhref\b.*(?:[:=]|,)", (INLINED / name).read_text(encoding="utf-8"))
    ]
    assert set(places) <= {"elements.js", "start.js"}
    assert "setAttribute('href'" not in script()


@pytest.mark.parametrize(
    "path", [*sorted(FOLDER.rglob("*.py")), INLINED / "report.html.j2"], ids=lambda path: path.name
)
def test_nothing_turns_escaping_off(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|Markup\(|autoescape\s*(?:=\s*)?(?:False|false)|mark_safe|__html__", text)


def test_what_is_included_is_no_template() -> None:
    # It is not escaped, so nothing in it may be replaced.
    assert not re.search(r"\{\{|\{%|\{#", style() + script())


def test_the_policy_has_the_hashes_of_what_stands_in_the_page() -> None:
    page = render(pictured(1))
    (styles,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (scripts,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    for kind, text in (("style", styles), ("script", scripts)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy()


def test_no_style_fetches_anything() -> None:
    assert not re.search(r"url\(|@import|@font-face", style())


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
@pytest.mark.parametrize("name", [*SCRIPTS, "all together"])
def test_every_script_is_well_formed(name: str, tmp_path: Path) -> None:
    module = tmp_path / "script.mjs"
    module.write_text((INLINED / name).read_text(encoding="utf-8") if name in SCRIPTS else script(), encoding="utf-8")
    checked = subprocess.run(["node", "--check", module], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


# --- colours ---------------------------------------------------------------------------------------------------------


def colours() -> dict[str, dict[str, tuple[int, ...]]]:
    """The custom properties that are colours, for light and for dark."""
    found = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    light, dark = ({name: _rgb(value) for name, value in re.findall(r"--([\w-]+): #(\w{6})", block)} for block in found)
    return {"light": light, "dark": {**light, **dark}}


def _rgb(value: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(value))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast ratio of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: tuple[int, ...]) -> float:
    parts = (part / 255 for part in rgb)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "papers"),
    [
        ("ink", ["paper", "box", "bad-soft", "odd-soft", "new-soft", "calm-soft"]),
        ("faint", ["paper", "box", "calm-soft"]),
        ("link", ["paper", "box", "bad-soft", "odd-soft", "calm-soft"]),
        ("good", ["paper", "box"]),
        ("bad", ["paper", "box", "bad-soft"]),
        ("odd", ["paper", "box", "odd-soft"]),
        ("new", ["paper", "box", "new-soft"]),
        ("group-2", ["paper", "box", "odd-soft"]),
    ],
)
def test_text_can_be_read_on_what_it_stands_on(scheme: str, ink: str, papers: list[str]) -> None:
    found = colours()[scheme]
    assert {
        paper: contrast(found[ink], found[paper]) for paper in papers if contrast(found[ink], found[paper]) < 4.5
    } == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_lanes_can_be_seen(scheme: str) -> None:
    found = colours()[scheme]
    for name in ("edge", "group-1", "group-2", "group-3"):
        assert contrast(found[name], found["paper"]) >= 3
