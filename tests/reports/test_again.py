from __future__ import annotations

import subprocess

import pytest
from report_runs import a_case, passed, run_of, tally_of

from isolab.reports.again import again, again_everywhere
from isolab.reports.document import document
from isolab.reports.places import lab_of
from isolab.resources import resource


@pytest.mark.parametrize("id_", ["a", "a[x=1 2]", "it's", "$(date)", "a\nb", '"', "!x", "ä"])
def test_a_shell_gives_the_command_what_was_meant(id_: str) -> None:
    (result,) = document(tally_of(run_of([passed(a_case(id_))])))["results"]
    shown = subprocess.run(
        ["sh", "-c", f"set -- {again(result)}; printf '%s\\0' \"$@\""], capture_output=True, text=True, check=True
    )
    assert shown.stdout.split("\0") == ["isolab", "run", id_, "-e", "chromium", ""]


def test_a_file_that_was_named_from_the_root_is_named_so_again() -> None:
    (result,) = document(tally_of(run_of([passed(a_case("signin[x=1]"))])))["results"]
    result["scenario"] = "/elsewhere/signin.yaml"
    assert again_everywhere(result) == "isolab run '/elsewhere/signin.yaml[x=1]'"
    result["scenario"] = str(resource("scenarios") / "signin.yaml")
    assert again_everywhere(result) == "isolab run 'signin[x=1]'"


def test_a_row_is_run_by_conform() -> None:
    (result,) = document(tally_of(run_of([passed(a_case("popup/a/01"))])))["results"]
    assert again(result, row=True) == "isolab conform -g popup/a/01 -e chromium"


def test_what_a_test_declares_is_run_by_pytest() -> None:
    test = "tests/test_popup.py::test_it[webkit]"
    (result,) = document(tally_of(run_of([passed(a_case(test))])))["results"]
    result["scenario"] = lab_of(test)
    assert again(result) == again_everywhere(result) == f"pytest '{test}'"
