from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, document, goes, page

from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.opening import (
    blob_without_opener,
    choose_window,
    link_without_opener,
    window_open_without_opener,
)
from isolab.policy.terms import Origin


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ("", False),
        ("popup,width=400", False),
        ("noopener", True),
        ("NoOpener", True),
        ("noreferrer", True),
        ("noopener=", True),
        ("noopener=1", True),
        ("noopener=-7x", True),
        ("noopener=yes", True),
        ("noopener = true", True),
        ("noopener = 2px", True),
        ("noopener=0", False),
        ("noopener=0.5", False),
        ("noopener=error", False),
        ("noopener=no", False),
        ("width=3,noopener", True),
        ("width=3 noopener", True),
        ("make me noopener", True),
        ("noopeners", False),
        ("noopener,noopener=0", False),
        ("noopener=0,noopener", True),
        ("noopener=0,noreferrer", True),
        ("noopener==0", False),
        ("noopener = = 1", True),
        ("noopener=,width=0", True),
        ("=noopener", True),
        ("opener", False),
    ],
)
def test_window_features(features: str, expected: bool) -> None:
    assert window_open_without_opener(features) is expected


@pytest.mark.parametrize(
    ("rel", "target", "expected"),
    [
        ("", "_blank", True),
        ("", "_BLANK", True),
        ("", "named", False),
        ("opener", "_blank", False),
        ("OPENER", "_blank", False),
        ("opener noopener", "_blank", True),
        ("opener noreferrer", "_blank", True),
        ("NOOPENER", "named", True),
        ("help", "_blank", True),
        ("help", "", False),
    ],
)
def test_links(rel: str, target: str, expected: bool) -> None:
    assert link_without_opener(rel, target) is expected


@pytest.mark.parametrize(("blob", "expected"), [(APP, False), (SUB, False), (IDP, True), (None, True)])
def test_blob_urls_of_another_site_than_the_top_level_documents(blob: Origin | None, expected: bool) -> None:
    assert blob_without_opener(document(), blob) is expected
    assert blob_without_opener(document(IDP, document()), blob) is expected


def test_a_credentialless_frames_popups_get_no_opener() -> None:
    frame = Document(page(), document(), credentialless=True)
    found = opener_fate(frame, [goes(page())])
    assert found.fate == "noopener"
    assert "credentialless" in found.reason
    assert opener_fate(document(APP, frame), [goes(page())]).fate == "noopener"
    assert opener_fate(document(APP, document()), [goes(page())]).fate == "preserved"


@pytest.mark.parametrize("noopener", [True, False])
@pytest.mark.parametrize("target", ["", "_self", "_PARENT", "_top"])
def test_targets_around_the_document_are_no_new_window(target: str, noopener: bool) -> None:
    assert choose_window(target, noopener=noopener, named=True) == "this"


@pytest.mark.parametrize(
    ("target", "noopener", "named", "expected"),
    [
        ("help", False, True, "existing"),
        ("help", False, False, "new"),
        ("help", True, True, "new without opener"),
        ("help", True, False, "new without opener"),
        ("_blank", False, True, "new"),
        ("_Blank", True, False, "new without opener"),
    ],
)
def test_a_name_is_looked_up_unless_no_opener_is_asked_for(
    target: str, noopener: bool, named: bool, expected: str
) -> None:
    assert choose_window(target, noopener=noopener, named=named) == expected
