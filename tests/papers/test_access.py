"""Who may do what with a paper, verb by verb."""

import pytest

from papers import access
from tests import make
from tests.permissions import answered, cast, rows, verbs

TABLE = rows("""
verb         about                     organizer  owner  member  paused  former
may_trash    added by the owner        yes        yes    no      no      no
may_trash    added by nobody           yes        no     no      no      no
may_restore  added by the owner        yes        yes    no      no      no
may_restore  thrown away by the owner  yes        yes    no      no      no
may_restore  added by nobody           yes        no     no      no      no
may_restore  thrown away by its adder  yes        yes    yes     yes     yes
may_discard  with a file of its adder  yes        yes    no      no      no
may_discard  with a file of another    yes        no     no      no      no
may_join     added by the owner        yes        yes    no      no      no
""")


def with_file(by, from_whom):
    paper = make.paper(by.group, by=by)
    make.paper_file(paper, added_by=from_whom)
    return paper


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.verb}: {row.about}")
def test_who_may(study, row):
    people = cast(study)
    about = {
        "added by the owner": (make.paper(study["group"], by=people["owner"], deleted_by=people["organizer"]),),
        "thrown away by the owner": (make.paper(study["group"], by=people["organizer"], deleted_by=people["owner"]),),
        "added by nobody": (make.paper(study["group"]),),
        "thrown away by its adder": (make.paper(study["group"], by=people["owner"], deleted_by=people["owner"]),),
        "with a file of its adder": (with_file(people["owner"], people["owner"]),),
        "with a file of another": (with_file(people["owner"], people["member"]),),
    }
    assert answered(access, row, people, about) == row.answers


def test_every_permission_has_a_row():
    assert {row.verb for row in TABLE} == verbs(access)
