"""One HTML file that stands alone: every case in every engine at a glance, and a picture of what happened in each."""

from isolab.reports.html.report_page import render

__all__ = ["render"]
