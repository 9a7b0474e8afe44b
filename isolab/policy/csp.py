"""Content-Security-Policy, as far as it decides on frames and origins: its `sandbox` and `frame-ancestors` (CSP 3)."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.policy.fields import Headers, combined

CSP = "Content-Security-Policy"
SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#csp-derived-sandboxing-flags"


def directives(headers: Headers, name: str) -> tuple[tuple[str, ...], ...]:
    """Read one directive of every enforced policy that has it: its values, as written.

    Policies are separated by commas and lines, directives by semicolons; within a policy the first of a name counts
    (CSP 3, 2.2.1). Report-only policies decide nothing.
    """
    policies = (combined(headers, CSP) or "").split(",")
    found = (next(_named(policy, name), None) for policy in policies)
    return tuple(values for values in found if values is not None)


def sandbox_tokens(headers: Headers) -> frozenset[str] | None:
    """Read which allow-… tokens a response's own sandbox leaves, or None where it has none.

    Flags add up over policies, so a token must be in each of them (HTML, 7.1.5 "CSP-derived sandboxing flags").
    """
    sandboxes = [frozenset(token.lower() for token in values) for values in directives(headers, "sandbox")]
    return frozenset.intersection(*sandboxes) if sandboxes else None


def without(value: str, name: str) -> str:
    """Take one directive out of a header's value; empty if nothing else is in it."""
    policies = (_kept(policy, name) for policy in value.split(","))
    return ", ".join(filter(None, policies))


def _kept(policy: str, name: str) -> str:
    directives = (directive.strip() for directive in policy.split(";"))
    return "; ".join(each for each in directives if each and each.split()[0].lower() != name)


def _named(policy: str, name: str) -> Iterator[tuple[str, ...]]:
    for directive in policy.split(";"):
        words = directive.split()
        if words and words[0].lower() == name:
            yield tuple(words[1:])
