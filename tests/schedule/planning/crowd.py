"""Many organizers change the same thing in the same moment: run as a program on a database file, or called in a test."""

import json
import sys
from datetime import timedelta

from tests.papers.intake.storm import at_once


def edits(kind, count):
    """`count` different changes to one session, all made on the same page: what each was told, and what holds."""
    from django.utils.timezone import now

    from members.models import Membership
    from schedule.models import Change, Session
    from schedule.planning import moving, session_changes
    from schedule.refusal import ChangedMeanwhile
    from tests import make

    olivia = make.organizer()
    term = make.term(olivia.group)
    session = make.session(term)
    first = make.presentation(session, make.member(olivia.group, "First")).presenter
    people = [make.member(olivia.group, f"Member {n}") for n in range(count)]

    def change(here, number):
        if kind == "move":
            day, clock = here.local_start.date() + timedelta(days=number + 1), here.local_start.time()
            return moving.move(here, day, clock, by=olivia, now=now(), seen=0)
        return session_changes.set_presenters(here, [people[number]], by=olivia, now=now(), seen=0)

    def act(number):
        try:
            return "won" if change(Session.objects.get(pk=session.pk), number) else "nothing"
        except ChangedMeanwhile as told:
            here = told.thing
            known = here.starts_at != session.starts_at or kind != "move"
            return "told" if known and str(told) else "told nothing"

    answers = at_once(count, act)
    here = Session.objects.get()
    return {
        "answers": answers,
        "sequence": here.sequence,
        "changes": Change.objects.count(),
        "seats": here.presentations.count(),
        "another": here.starts_at != session.starts_at or here.presentations.get().presenter != first,
        "people": Membership.objects.filter(presentations__session=here).count(),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(edits(sys.argv[1], int(sys.argv[2]))))
