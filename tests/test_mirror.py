"""Every module with code has its test module, so that nobody has to look for one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Modules whose behaviour another test module checks: nobody else uses them, or they only mean something together.
COVERED_BY = {
    "advise/formats/apache.py": "advise/test_formats.py",
    "advise/formats/caddy.py": "advise/test_formats.py",
    "advise/formats/django.py": "advise/test_formats.py",
    "advise/formats/express.py": "advise/test_formats.py",
    "advise/formats/headers_file.py": "advise/test_formats.py",
    "advise/formats/nextjs.py": "advise/test_formats.py",
    "advise/formats/nginx.py": "advise/test_formats.py",
    "advise/formats/page.py": "advise/test_formats.py",
    "advise/answer.py": "advise/test_inquiry.py",
    "advise/document.py": "cli/test_cli_advise.py",
    "advise/follow.py": "cli/test_cli_advise.py",
    "advise/reasons.py": "advise/test_inquiry.py",
    "advise/report.py": "cli/test_cli_advise.py",
    "advise/ways/apart.py": "advise/test_other_ways.py",
    "advise/ways/build.py": "advise/test_other_ways.py",
    "advise/ways/channel.py": "advise/test_other_ways.py",
    "advise/ways/redirect.py": "advise/test_other_ways.py",
    "advise/ways/way.py": "advise/test_other_ways.py",
    "cli/advise.py": "cli/test_cli_advise.py",
    "cli/__init__.py": "cli/test_start.py",
    "cli/app.py": "cli/test_cli_commands.py",
    "cli/check.py": "cli/test_cli_commands.py",
    "cli/choose.py": "cli/test_cli_run.py",
    "cli/completion.py": "cli/test_completing.py",
    "cli/doctor.py": "cli/test_cli_commands.py",
    "cli/errors.py": "cli/test_cli_commands.py",
    "cli/execute.py": "cli/test_cli_run.py",
    "cli/explain.py": "cli/test_cli_explain.py",
    "cli/job.py": "cli/test_cli_report.py",
    "cli/written.py": "cli/test_cli_report.py",
    "cli/last_failed.py": "cli/test_cli_run.py",
    "cli/listing.py": "cli/test_cli_commands.py",
    "cli/nothing.py": "cli/test_cli_commands.py",
    "cli/options.py": "cli/test_cli_run.py",
    "cli/outputs.py": "cli/test_cli_run.py",
    "cli/report.py": "cli/test_cli_report.py",
    "cli/report_options.py": "cli/test_cli_report.py",
    "cli/request.py": "cli/test_cli_run.py",
    "cli/targets.py": "cli/test_watched_targets.py",
    "cli/rounds.py": "cli/test_watch.py",
    "cli/run.py": "cli/test_cli_run.py",
    "cli/told_run.py": "cli/test_cli_run.py",
    "cli/schema.py": "cli/test_cli_commands.py",
    "cli/select.py": "cli/test_cli_run.py",
    "cli/conform.py": "cli/test_cli_conform.py",
    "conform/catalogue.py": "conform/test_catalogue_rows.py",
    "conform/headers.py": "conform/test_conform_headers.py",
    "conform/kinds/embed.py": "conform/kinds/test_embed_rows.py",
    "conform/kinds/subresource.py": "conform/kinds/test_subresource_rows.py",
    "conform/kinds/worker.py": "conform/kinds/test_worker_rows.py",
    "conform/kinds/parse.py": "conform/kinds/test_parse_rows.py",
    "conform/kinds/popup.py": "conform/kinds/test_popup_rows.py",
    "conform/rules.py": "conform/test_conform_rules.py",
    "conform/report.py": "cli/test_cli_conform.py",
    "conform/stage.py": "conform/test_row_stage.py",
    "conform/staged.py": "conform/test_row_stage.py",
    "conform/stages/embed.py": "conform/test_embed_acts.py",
    "conform/stages/inherit.py": "conform/test_inherit_acts.py",
    "conform/stages/inherit_frames.py": "conform/test_inherit_acts.py",
    "conform/stages/inherit_makers.py": "conform/test_inherit_acts.py",
    "conform/stages/inherit_outside.py": "conform/test_inherit_acts.py",
    "conform/stages/inherit_windows.py": "conform/test_inherit_acts.py",
    "conform/stages/local_scripts.py": "conform/test_inherit_acts.py",
    "conform/stages/isolation.py": "conform/test_isolation_acts.py",
    "conform/stages/noopener.py": "conform/test_noopener_acts.py",
    "conform/stages/parse.py": "conform/test_parse_acts.py",
    "conform/stages/isolation_policy.py": "conform/test_isolation_policy_acts.py",
    "conform/stages/shared_memory.py": "conform/test_shared_memory_acts.py",
    "conform/stages/posting.py": "conform/test_shared_memory_acts.py",
    "conform/stages/script.py": "conform/test_worker_acts.py",
    "conform/stages/subresource.py": "conform/test_subresource_acts.py",
    "conform/stages/named_windows.py": "conform/test_noopener_acts.py",
    "conform/stages/popup_resource.py": "conform/test_popup_served_acts.py",
    "conform/stages/popup_worker.py": "conform/test_popup_served_acts.py",
    "conform/stages/popup_written.py": "conform/test_popup_served_acts.py",
    "conform/stages/opener_navigates.py": "conform/test_popup_served_acts.py",
    "conform/stages/reported.py": "conform/test_report_acts.py",
    "conform/stages/reports_access.py": "conform/test_report_acts.py",
    "conform/stages/reports_coep.py": "conform/test_report_acts.py",
    "conform/stages/reports_coop.py": "conform/test_report_acts.py",
    "conform/kinds/reports_missing.py": "conform/test_report_acts.py",
    "conform/stages/credentialless.py": "conform/test_credentialless_acts.py",
    "conform/stages/worker.py": "conform/test_worker_acts.py",
    "conform/stages/popup.py": "conform/test_popup_acts.py",
    "conform/stages/sandbox.py": "conform/test_sandbox_acts.py",
    "conform/stages/secure_context.py": "conform/test_sandbox_acts.py",
    "conform/kinds/isolation.py": "conform/kinds/test_isolation_rows.py",
    "conform/kinds/isolation_policy.py": "conform/kinds/test_isolation_policy_rows.py",
    "engines/builds.py": "engines/test_discover.py",
    "engines/machine.py": "engines/test_discover.py",
    "engines/versions.py": "engines/test_discover.py",
    "expect/__init__.py": "expect/test_expect_isolation.py",
    "expect/asserting.py": "expect/test_expect_isolation.py",
    "expect/blame.py": "expect/test_expect_resource.py",
    "expect/coming.py": "expect/test_expect_isolation.py",
    "expect/isolation.py": "expect/test_expect_isolation.py",
    "expect/measured.py": "pytest_plugin/test_plugin_lab.py",
    "expect/opener.py": "expect/test_expect_opener.py",
    "expect/recorded.py": "expect/test_expect_opener.py",
    "expect/resource.py": "expect/test_expect_resource.py",
    "expect/sent.py": "expect/test_expect_resource.py",
    "expect/telling.py": "expect/test_expect_opener.py",
    "expect/worker.py": "expect/test_expect_worker.py",
    "explain/false_words.py": "explain/test_false_fixes.py",
    "explain/model.py": "explain/test_false_fixes.py",
    "explain/flow.py": "explain/test_explained_flow.py",
    "lab/witness.py": "browser/test_mute_frames.py",
    "lab/signin/ledger.py": "lab/signin/test_interaction.py",
    "lab/signin/logout.py": "lab/signin/test_desk.py",
    "lab/signin/metadata.py": "lab/signin/test_desk.py",
    "lab/signin/request.py": "lab/signin/test_authorization_request.py",
    "lab/signin/respond.py": "lab/signin/test_desk.py",
    "lab/signin/userinfo.py": "lab/signin/test_desk.py",
    "policy/coep.py": "policy/test_coop_coep.py",
    "policy/complaint.py": "policy/test_fields.py",
    "policy/coop.py": "policy/test_coop_coep.py",
    "policy/cors.py": "policy/test_embedding.py",
    "policy/document.py": "policy/test_isolation.py",
    "policy/life.py": "policy/test_opener_fate.py",
    "policy/opener_wording.py": "policy/test_opener_fate.py",
    "policy/permissions_policy.py": "policy/test_isolation.py",
    "policy/response.py": "policy/test_opener_fate.py",
    "policy/terms.py": "policy/test_site.py",
    "policy/wording.py": "policy/test_fields.py",
    "pytest_plugin/__init__.py": "pytest_plugin/test_plugin_beside.py",
    "pytest_plugin/items.py": "pytest_plugin/test_plugin_items.py",
    "pytest_plugin/options.py": "pytest_plugin/test_plugin_options.py",
    "pytest_plugin/results.py": "pytest_plugin/test_plugin_results.py",
    "pytest_plugin/verdict.py": "pytest_plugin/test_plugin_items.py",
    "reports/form.py": "reports/test_complaints.py",
    "reports/markdown_text.py": "reports/test_markdown.py",
    "reports/places.py": "reports/test_report_places.py",
    "reports/document.py": "reports/test_results_document.py",
    "reports/words.py": "reports/test_reports_words.py",
    "scenario/signin_form.py": "scenario/test_signin_plan.py",
    "scenario/presets.py": "scenario/test_sdk_presets.py",
    "scenario/provider.py": "scenario/test_provider_build.py",
    "scenario/provider_form.py": "scenario/test_golden.py",
    "runner/claims.py": "runner/test_windows.py",
    "runner/last_words.py": "browser/test_last_words.py",
    "runner/moment.py": "runner/test_timeline.py",
    "runner/named_window.py": "runner/test_windows.py",
    "runner/observe.py": "runner/test_trial.py",
    "runner/patience.py": "runner/test_flight.py",
    "runner/press.py": "runner/test_flight.py",
    "runner/result.py": "runner/test_judge.py",
    "runner/sent.py": "runner/test_timeline.py",
    "runner/step_errors.py": "runner/test_flight.py",
    "runner/told.py": "runner/test_timeline.py",
    "runner/whereabouts.py": "runner/test_timeline.py",
}


def has_code(path: Path) -> bool:
    """Whether the module does anything: a module of types and constants only has nothing to test."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(not _is_stub(node) for node in functions)


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is a docstring or an ellipsis only, as in a protocol."""
    return all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in function.body)


MODULES = sorted(path.relative_to(ROOT / "isolab") for path in (ROOT / "isolab").rglob("*.py") if has_code(path))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_its_test_module(module: Path) -> None:
    own = module.with_name(f"test_{module.name}")
    assert (ROOT / "tests" / COVERED_BY.get(module.as_posix(), own.as_posix())).is_file()


def test_the_list_of_exceptions_has_no_module_that_is_gone_or_has_its_own() -> None:
    assert {name for name in COVERED_BY if Path(name) not in MODULES} == set()
    own = (ROOT / "tests" / Path(name).with_name(f"test_{Path(name).name}") for name in COVERED_BY)
    assert [path.name for path in own if path.exists()] == []
