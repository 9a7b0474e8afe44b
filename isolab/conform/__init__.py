"""A conformance catalogue: what web-platform-tests state, as rows, held against the rules and against engines."""
