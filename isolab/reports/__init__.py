"""Listeners to the events of a run and the files made from what they heard: one module a format."""
