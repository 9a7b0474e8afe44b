"""Tests written by hand with `isolab_lab`: in every engine, WebKitGTK among them."""

from __future__ import annotations

import pytest
from user_project import run

from isolab.engines.engine import Engine

pytestmark = pytest.mark.browser

SIGN_IN = """
    import pytest
    from isolab.expect import expect_isolation, expect_popup


    @pytest.mark.parametrize("coop", [None, "same-origin"])
    def test_sign_in(isolab_lab, coop):
        lab = isolab_lab(hosts={"app": None, "idp": "cross-site"})
        lab.page("app", fixture="signin-app", coop=coop, with_={"provider": lab.url("login"), "mode": "popup"})
        lab.page("login", host="idp", fixture="signin-provider")
        app = lab.open("app")
        login = app.click("#sign-in", opens="login")
        expect_popup(login).to_have_opener("preserved" if coop is None else "severed")
        if coop is None:
            login.click("#approve")
            app.wait(says="signed-in")
            assert app.expect({"says.signed-in": "token-of-alice"}).outcome == "passed"


    def test_isolation(isolab_lab):
        lab = isolab_lab(differences=[{
            "engine": "webkit",
            "observed": {"app.sharedMemory": False},
            "bug": "https://bugs.webkit.org/show_bug.cgi?id=317847",
        }])
        lab.page("logo", fixture="image", corp="same-origin")
        lab.page("app", coop="same-origin", coep="require-corp", embed={"logo": {"image": "logo"}})
        app = lab.open("app")
        expect_isolation(app).to_be_isolated()
        expect_isolation(app).to_have_shared_memory(timeout=60_000)
        expect_isolation(app).not_to_be_blocked("logo")


    def test_widget(isolab_lab):
        lab = isolab_lab(hosts={"app": None, "widget": "same-site", "idp": "cross-site"})
        lab.page("app", coop="same-origin", embed={"widget": {"iframe": "widget"}})
        said = "isolab.say('null', window.open(isolab.urls.popup) === null)"
        lab.page("widget", host="widget", html=f'<button onclick="{said}">x</button>')
        lab.page("popup", host="idp")
        app = lab.open("app")
        popup = app.click("button", frame="widget", opens="popup")
        app.wait(frame="widget", says="null")
        popup.expect({"opener": "noopener"})
        app.expect({"widget.says.null": True})
"""


def test_a_sign_in_in_python(pytester: pytest.Pytester, engine: Engine) -> None:
    pytester.makepyfile(SIGN_IN)
    result = run(pytester, "--isolab-engine", engine.name)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines([f"*::test_sign_in[[]*{engine.name}*"])


def test_a_failure_names_the_cause(pytester: pytest.Pytester, chromium: Engine) -> None:
    pytester.makepyfile("""
        from isolab.expect import expect_isolation, expect_popup


        def test_popup(isolab_lab):
            lab = isolab_lab(hosts={"app": None, "idp": "cross-site"})
            lab.page("app")
            lab.page("login", host="idp", coop="same-origin")
            login = lab.open("app").popup("login")
            expect_popup(login).to_have_opener("preserved")


        def test_isolation(isolab_lab):
            lab = isolab_lab()
            lab.page("app", coop="same-origin")
            expect_isolation(lab.open("app")).not_to_be_isolated()
            expect_isolation(lab.open("app", "again")).to_be_isolated()


        def test_mistake(isolab_lab):
            lab = isolab_lab()
            lab.page("app", cop="same-origin")
            lab.open("app").expect({"crossOriginIsolated": True})
    """)
    result = run(pytester, "--isolab-engine", chromium.name)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "*login.opener is severed in chromium*, expected preserved*",
            "*often set by:*",
            "*again.crossOriginIsolated is false in chromium*, expected true*",
            "*unknown key `cop` in page `app`*",
            "*did you mean `corp`?*",
        ]
    )


def test_the_lab_can_be_kept_as_a_scenario_file(pytester: pytest.Pytester, chromium: Engine) -> None:
    pytester.makepyfile("""
        from pathlib import Path


        def test_it(isolab_lab):
            lab = isolab_lab(hosts={"app": None})
            lab.page("app", coop="same-origin")
            lab.open("app")
            Path("kept.isolab.yaml").write_text(lab.scenario({"app.isSecureContext": True}))
    """)
    run(pytester, "--isolab-engine", chromium.name).assert_outcomes(passed=1)
    run(pytester, "--isolab-engine", chromium.name, "kept.isolab.yaml").assert_outcomes(passed=1)


def test_two_processes_share_tests_by_hand(pytester: pytest.Pytester, chromium: Engine) -> None:
    pytester.makepyfile(SIGN_IN)
    run(pytester, "--isolab-engine", chromium.name, "-n", "2").assert_outcomes(passed=4)


def test_a_timeout_is_that_of_the_whole_flow(pytester: pytest.Pytester, chromium: Engine) -> None:
    pytester.makepyfile("""
        def test_it(isolab_lab):
            lab = isolab_lab(timeout=600)
            lab.page("app")
            app = lab.open("app")
            app.expect({"isSecureContext": True})
            app.wait(says="never")
            app.expect({"isSecureContext": True}, timeout=300)
    """)
    result = run(pytester, "--isolab-engine", chromium.name)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*this step was not done in time*"])
