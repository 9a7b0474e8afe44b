from __future__ import annotations

from written_cases import written

from isolab.explain.explain import explain_case
from isolab.explain.model import EmbedNote, PageNote

FRAMES = """
    title: t
    hosts: {app: null, cdn: cross-site}
    pages:
      app:
        coop: same-origin
        coep: require-corp
        embed:
          ours: {iframe: ours}
          bare: {iframe: bare}
          logo: {image: logo}
          moved: {image: moved}
          work: {worker: work}
      ours: {coep: require-corp, coop: same-origin, embed: {inner: {iframe: theirs, allow: cross-origin-isolated}}}
      theirs: {host: cdn, coep: require-corp, corp: cross-origin}
      bare: {}
      logo: {host: cdn, fixture: image, corp: cross-origin}
      moved: {redirect: hop}
      hop: {host: cdn, fixture: image}
      work: {fixture: worker, coep: require-corp}
    flow: [open: app]
    expect: {app.crossOriginIsolated: true}
"""


def page() -> PageNote:
    (case,) = written(FRAMES)
    (found,) = explain_case(case).pages
    return found


def embeds() -> dict[str, EmbedNote]:
    return {embed.name: embed for embed in page().embeds}


def test_isolation_comes_with_its_reason_and_section() -> None:
    found = page()
    assert found.isolated
    assert "same-origin-plus-COEP" in found.reason
    assert found.source.startswith("https://html.spec.whatwg.org/")


def test_each_embedded_thing_is_judged_and_frames_in_frames_too() -> None:
    assert {name: (embed.load, embed.isolated) for name, embed in embeds().items()} == {
        "ours": ("loaded", True),
        "ours.inner": ("loaded", True),
        "bare": ("blocked", None),
        "logo": ("loaded", None),
        "moved": ("blocked", None),
        "work": ("loaded", True),
    }


def test_the_response_that_is_blocked_is_named() -> None:
    moved = embeds()["moved"]
    assert (moved.hop, moved.url) == (2, "https://app.example/moved")
    assert "https://cdn.example/hop sends no Cross-Origin-Resource-Policy" in moved.reason


def test_headers_are_told_of_every_response_on_the_way() -> None:
    (response,) = page().way
    assert [header.name for header in response.headers] == [
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Embedder-Policy",
    ]


def test_why_a_frame_or_a_worker_is_isolated_is_told_beside_why_it_is_loaded() -> None:
    found = embeds()
    assert found["ours.inner"].isolation.endswith("gives cross-origin-isolated to https://cdn.example/theirs")
    assert "a dedicated worker is isolated as its owner is" in found["work"].isolation
    assert found["work"].isolation_source.startswith("https://html.spec.whatwg.org/multipage/workers.html")
    assert [found[name].isolation for name in ("bare", "logo", "moved")] == ["", "", ""]
