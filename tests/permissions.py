"""Tables of who may do what, as the tests of each access.py write them: a verb, what it is about, and an answer per person.

The columns stand in the first line and are two spaces apart. "yes" and "no" are what the function returns; "-" is not
asked, because whoever has left the group is refused before (members.access.group_member).
"""

import re
from inspect import getmembers, isfunction
from typing import NamedTuple

from members.models import Membership
from tests import make


class Row(NamedTuple):
    verb: str
    about: str
    answers: dict[str, str]  # of each person


def rows(table: str) -> list[Row]:
    head, *lines = [re.split(r"\s{2,}", line.strip()) for line in table.strip().splitlines()]
    return [Row(verb, about, dict(zip(head[2:], answers, strict=True))) for verb, about, *answers in lines]


def verbs(module) -> set[str]:
    """Return the names of the permissions that a module defines."""
    return {
        name for name, f in getmembers(module, isfunction) if name[:4] == "may_" and f.__module__ == module.__name__
    }


def answered(module, row: Row, people: dict, about: dict[str, tuple]) -> dict[str, str]:
    """Return what the function says to each person, as the table writes it."""
    may = getattr(module, row.verb)
    asked = {name: may(people[name], *about[row.about]) if said != "-" else "-" for name, said in row.answers.items()}
    return {name: {True: "yes", False: "no"}.get(answer, answer) for name, answer in asked.items()}


def cast(study) -> dict[str, Membership]:
    """Return who the columns stand for. Whoever left was an organizer: a role is kept, what it allowed is not."""
    group = study["group"]
    return {
        "organizer": study["olivia"],
        "presenter": study["alice"],
        "owner": study["alice"],
        "member": study["bob"],
        "paused": make.member(group, "Paul", state=Membership.PAUSED),
        "former": make.organizer(group, "Fred", state=Membership.LEFT),
    }
