"""From cases and engines to events: walking, observing, judging."""
