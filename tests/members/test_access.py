"""Who may do what in a group, verb by verb."""

import pytest

from members import access
from members.membership import MOVES
from tests.permissions import answered, cast, rows, verbs

TABLE = rows("""
verb                 about                   organizer  owner  member  paused  former
may_edit             something of the owner  yes        yes    no      no      no
may_edit             something of nobody     yes        no     no      no      no
may_change_place     pause the owner         yes        yes    no      no      no
may_change_place     resume the owner        yes        yes    no      no      no
may_change_place     leave the owner         no         yes    no      no      no
may_change_place     remove the owner        yes        no     no      no      no
may_change_place     restore the owner       yes        no     no      no      no
may_change_place     promote the owner       yes        no     no      no      no
may_change_place     demote the owner        yes        yes    no      no      no
may_change_place     demote the organizer    yes        no     no      no      no
may_manage_members   -                       yes        no     no      no      no
may_change_settings  -                       yes        no     no      no      no
""")


@pytest.fixture
def people(study):
    return cast(study)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.verb}: {row.about}")
def test_who_may(people, row):
    about = {"something of the owner": (people["owner"].pk,), "something of nobody": (None,), "-": ()}
    about |= {f"{verb} the owner": (people["owner"], verb) for verb in MOVES}
    about["demote the organizer"] = people["organizer"], "demote"
    assert answered(access, row, people, about) == row.answers


def test_every_permission_has_a_row():
    assert {row.verb for row in TABLE} == verbs(access)


@pytest.mark.parametrize(("name", "role"), [("organizer", "organizer"), ("owner", ""), ("former", "organizer")])
def test_lists_show_the_role_of_organizers_only(people, name, role):
    assert people[name].shown_role == role
