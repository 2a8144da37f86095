"""Many people say yes to one open question in the same moment: run as a program on a database file, or called in a test."""

import json
import sys

from tests.papers.intake.storm import at_once


def claims(count):
    """What each was told, and what holds afterwards."""
    from django.utils.timezone import now

    from schedule.models import Change, Notification, Swap
    from schedule.planning.swaps import offers
    from schedule.refusal import NotPossible
    from tests import make

    alice = make.member(name="Alice")
    people = [make.member(alice.group, f"Member {n}") for n in range(count)]
    session = make.session(make.term(alice.group))
    swap = offers.ask(make.presentation(session, alice), by=alice, now=now())

    def act(number):
        try:
            offers.accept(Swap.objects.get(pk=swap.pk), by=people[number], now=now())
        except NotPossible as told:
            return "told" if "was faster: this turn is taken." in str(told) else str(told)
        return "won"

    answers = at_once(count, act)
    here = Swap.objects.get()
    return {
        "answers": answers,
        "state": here.state,
        "it is the taker's": list(session.presentations.values_list("presenter", flat=True)) == [here.taker_id],
        "changes": Change.objects.count(),
        "notifications to Alice": Notification.objects.filter(kind=Notification.SWAP_ACCEPTED, recipient=alice).count(),
        "questions that would still go out": Notification.objects.filter(
            kind=Notification.SWAP_ASKED, state="queued"
        ).count(),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(claims(int(sys.argv[1]))))
