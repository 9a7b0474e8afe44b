"""Scenario files: read, checked, and multiplied out to cases."""
