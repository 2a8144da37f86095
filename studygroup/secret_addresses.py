"""Addresses that open something for whoever has them: which they are, and a text without what makes them a key.

They are found in the patterns of all addresses, by the names that such parts have there; parts of a query by theirs.
"""

import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

SECRET_PARTS = frozenset({"token", "key", "uidb36", "proof"})
IN_QUERY = r"[?&](?:code|state|token|key)="
HIDDEN = "…"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>")
_SLASH = r"(?:/|%2F)"  # an address stands encoded in the query of another one


def hide_secrets(text: str) -> str:
    """Return the text with the secret part of each such address, and what follows it, replaced by "…"."""
    if not apps.ready:  # nobody can have asked for an address yet
        return text
    return _secrets().sub(lambda found: f"{found[1] or found[2]}{HIDDEN}", text)


def has_secret(match) -> bool:
    """Return whether an address that was resolved is such a one."""
    return match is not None and not SECRET_PARTS.isdisjoint(match.kwargs)


@cache
def _secrets() -> re.Pattern[str]:
    starts = "|".join(sorted(set(_starts(get_resolver().url_patterns, _SLASH))))
    return re.compile(rf"(?:({starts})|({IN_QUERY}))[^\s\"'<>&]+", re.IGNORECASE)


def _starts(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    """Return a pattern of what comes before the secret part, for each address that has one."""
    for one in patterns:
        names, starts = _read(str(one.pattern))
        secret = next((place for place, name in enumerate(names) if name in SECRET_PARTS), None)
        if secret is not None:
            yield before + "".join(starts[: secret + 1])
        elif isinstance(one, URLResolver):
            yield from _starts(one.url_patterns, before + "".join(starts))


def _read(route: str) -> tuple[list[str], list[str]]:
    """Return the names of the parts of a route, and a pattern of what stands before each, and after the last."""
    sign = _GROUP if _GROUP.search(route) else _PARAMETER
    pieces = sign.split(route.removeprefix("^"))
    names, fixed = pieces[1::2], pieces[0::2]
    other = r"[^/\s]+"
    plain = [re.escape(piece).replace("/", _SLASH) for piece in fixed]
    return names, [plain[0], *(other + piece for piece in plain[1:])]
