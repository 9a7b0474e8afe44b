"""The standard as pure functions: headers to policies, responses to the opener link's fate, and isolation."""
