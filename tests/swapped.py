"""Everything that a page of the demo group exchanges a part of itself for, by HTMX: who asks, where, and with what."""

from types import SimpleNamespace
from typing import NamedTuple

from django.test import Client
from django.urls import reverse

HTMX = {"HX-Request": "true"}


class Swap(NamedTuple):
    who: object
    address: str
    posted: dict | None = None

    def ask(self, client: Client):
        """The answer to it, of a client that is signed in."""
        if self.posted is None:
            return client.get(self.address, headers=HTMX)
        return client.post(self.address, self.posted, headers=HTMX)


def swaps(w: SimpleNamespace) -> dict[str, Swap]:
    """{name: swap} in the world of tests/browser/pages.py."""
    g, organizer, member = w.group.slug, w.mingyu.member, w.hayun.member

    def at(name, *args):
        return reverse(name, args=(g, *args))

    library, plan = at("papers:library"), at("schedule:plan")
    replan = at("schedule:replan", w.first.term_id)
    return {
        "search while typing": Swap(member, library + "?q=GIRAFFE"),
        "the shelf once a paper is read": Swap(member, library),
        "find anything": Swap(member, at("schedule:search") + "?q=gira"),
        "a paper being read": Swap(member, at("papers:row", w.paper.pk)),
        "what catalogues say": Swap(member, at("papers:records", w.paper.pk)),
        "a number pasted": Swap(member, at("papers:paste"), {"what": "no number"}),
        "the plan previewed": Swap(organizer, plan, _filled(organizer, plan)),
        "the rest planned again": Swap(organizer, replan + "?how=anew"),
        "a zip being made": Swap(organizer, at("schedule:bundle", w.busy.pk)),
        "the code of a session": Swap(organizer, at("schedule:code", w.second.pk)),
    }


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _filled(who, address) -> dict:
    """What the browser would send of the form at this address."""
    form = signed_in(who).get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False)}
