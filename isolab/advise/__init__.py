"""Which headers to send: the combinations of the app's own pages, measured, and what to do where none will do."""
