"""Every address that the product has, but the admin's, asked for by every role: who may enter is let in, who may not is not.

With --full each role asks for each address in every state of a session; else in two of the six, so that in every state some
of those who may enter ask for it, and some who may not.

What an address is about is told from its route: the number after turns/ is a turn's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import get_resolver

from tests.lived import names
from tests.lived.facts import Session
from tests.lived.page import Page

SENT_ON, NOT_THERE = {301, 302, 303}, 404
STATES = ("draft", "ahead", "cancelled", "running", "over", "closed")
ROLES = ("organizer", "member", "presenter", "paused", "former", "outsider", "anonymous")
IN_TURN = 3  # states, in one of which a role asks for an address
EVERYBODY_HERE = {"organizer", "presenter", "member", "paused"}
PART = re.compile(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>(?:[^()]|\([^()]*\))+\)")


@dataclass(frozen=True)
class Address:
    name: str
    route: str

    @property
    def of_a_group(self) -> bool:
        return "<slug:slug>" in self.route

    def of(self, things: dict) -> str:
        """The path with these things in their places; a number that nothing has where there is no such thing."""
        path, at = "/", 0
        for part in PART.finditer(self.route):
            path, at = path + self.route[at : part.start()], part.end()
            name = part["name"] or part["group"]
            before = path.rstrip("/").split("/")[-1]
            path += str(things.get(f"{before}/{name}", things.get(name, 0)))
        return (path + self.route[at:]).replace("^", "").replace("$", "")


def addresses(patterns=None, space: str = "", route: str = "") -> Iterator[Address]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(one.pattern)
        if hasattr(one, "url_patterns"):
            inner = f"{space}{one.namespace}:" if getattr(one, "namespace", None) else space
            if not inner.startswith("admin:"):
                yield from addresses(one.url_patterns, inner, here)
        else:
            yield Address(f"{space}{one.name or here}", here)


def may_enter(address: Address, state: str) -> set[str]:
    """Which of the roles see a page there, of those that are in the group."""
    if address.name in names.FOR_ORGANIZERS or (state == "draft" and address.name in names.ABOUT_A_SESSION):
        return {"organizer"}
    return {"organizer", "presenter"} if address.name in names.ABOUT_A_TURN else EVERYBODY_HERE


MOVED = 308  # permanently, with query and form: RFC 9110


def is_right(address: Address, path: str, role: str, state: str, page: Page) -> bool:
    if page.status == MOVED:  # it leads to an address that is fetched, too
        return True
    if page.status in SENT_ON and path.startswith(page.location):  # what is there for a form only leads to its page
        return True
    to_sign_in = page.location.startswith(names.address(names.SIGN_IN))
    welcome = page.status in {200} | SENT_ON and not to_sign_in
    if not address.of_a_group:
        if address.name in names.FOR_WHO_IS_SIGNED_IN:
            return welcome if role != "anonymous" else to_sign_in
        return page.status < 500 and page.status != 429
    if role in may_enter(address, state):
        return welcome or (page.status == NOT_THERE and address.name in names.MAY_BE_MISSING)
    if role == "anonymous":
        return to_sign_in
    return page.status == NOT_THERE


def walk(life, state: str, session: Session) -> int:
    """Fetch every address as every role while the session is in that state; how many pages there were."""
    things, pages, every = life.things(session), 0, list(addresses())
    roles = life.roles(life.facts, session)
    for nth, role in enumerate(ROLES):
        who = roles[role]
        names.speak(("en", "ko")[(nth + len(state)) % 2])
        for number, address in enumerate(every):
            if not (address.of_a_group or state == "draft" or life.hourly):
                continue  # nothing there knows of sessions
            turn = nth + number + STATES.index(state)
            if address.of_a_group and turn % IN_TURN and not life.thorough:
                continue
            path = address.of(things)
            page = who.open(path)
            pages += page.status == 200
            if not is_right(address, path, role, state, page):
                life.note(f"{address.name} ({state}) answers {role} with {page.status} {page.location}".rstrip())
    return pages
