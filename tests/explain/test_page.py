from __future__ import annotations

from written_cases import written

from isolab.explain.explain import explain_case
from isolab.explain.model import EmbedNote, PageNote
from isolab.explain.page import page_note
from isolab.explain.text import page_lines
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

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


def test_pages_that_frame_each_other_have_an_end() -> None:
    """They did not: the first of each is told, as engines go no further."""
    (case,) = written("""
    title: t
    pages:
      app: {embed: {self: {iframe: app}, other: {iframe: other}}}
      other: {embed: {back: {iframe: app}, again: {iframe: moved}}}
      moved: {redirect: other}
    flow: [open: app]
    expect: {app.crossOriginIsolated: false}
    """)
    told = explain_case(case)
    (shown,) = told.pages
    assert [embed.name for embed in shown.embeds] == ["self", "other", "other.back", "other.again"]


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


def test_headers_that_a_frame_sends_for_nothing_are_told() -> None:
    found = embeds()
    assert {name: [note.name for note in embed.ignored] for name, embed in found.items() if embed.ignored} == {
        "ours": ["Cross-Origin-Opener-Policy"]
    }
    told = "\n".join(page_lines(page()))
    assert "browsers ignore it: only the response of a window counts" in told


NAMING = """
    title: t
    pages:
      app:
        html: <script>new SharedWorker('${{ url.shared }}'); fetch('${{ url.data }}'); open('${{ url.popup }}')</script>
      shared: {fixture: worker, coep: "require-corp;"}
      data: {redirect: elsewhere}
      elsewhere: {}
      popup: {}
      unnamed: {coep: require-corp}
    flow: [open: app, {popup: popup, from: app}]
    expect: {popup.opener: preserved}
"""


def test_what_a_page_names_is_told_unless_it_has_been() -> None:
    (case,) = written(NAMING)
    app, popup = explain_case(case).pages
    assert [(response.url, response.status) for response in app.named] == [
        ("https://app.example/shared", 200),
        ("https://app.example/data", 302),
    ]
    assert popup.named == ()
    told = "\n".join(page_lines(app))
    assert "https://app.example/shared\n      Cross-Origin-Embedder-Policy: require-corp;\n" in told
    assert "browsers ignore it: trailing `;` (character 13)" in told
    assert "https://app.example/data: sends no header about isolation" in told


def test_a_redirect_whose_end_is_not_known_is_no_page() -> None:
    app = Origin("https", "app.example")
    note = page_note("page", [Hop("https://app.example/", app, 301, (("Location", "https://www.app.example/"),))])
    assert note.leads_to == "https://www.app.example/"
    first, *_ = page_lines(note)
    assert first == (
        "page is sent on from https://app.example/ to https://www.app.example/, whose response is not given"
    )
    assert page_note("page", [Hop("https://app.example/", app, 301)]).leads_to == ""
