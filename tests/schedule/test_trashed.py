"""A paper that is shared for a turn goes to the trash: whoever does it is warned, and nothing speaks of it meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from papers import library
from papers.models import TRASH_DAYS, Paper
from schedule import home
from schedule.meetings import closing
from schedule.models import Notification, Presentation, Session
from schedule.notifications import outbox, reminders
from schedule.planning import turns
from schedule.search.outline import outline
from tests import make

MEETS = make.utc(
    2027, 3, 16, 1
)  # a Tuesday, 10:00 in Seoul, until 12:00; papers are shared by the 9th, sent round at 20:00
BEFORE, SHARE_DAY = make.utc(2027, 3, 5, 1), make.utc(2027, 3, 9, 11, 30)


@pytest.fixture
def turn(study):
    """Alice's, with a paper that she shared in time; Bob's is shared as well."""
    session = make.session(make.term(study["group"], published_at=make.utc(2027, 2, 1)), MEETS)
    paper = make.paper(study["group"], "GIRAFFE", by=study["alice"], authors=["Michael Niemeyer"])
    make.paper_file(paper)
    mine = make.presentation(session, study["alice"], paper=paper, shared_at=BEFORE)
    other = make.paper(study["group"], "Big Transfer")
    make.presentation(session, study["bob"], paper=other, shared_at=BEFORE)
    return mine


def throw_away(turn, at, by):
    with time_machine.travel(at, tick=False):
        assert library.trash(turn.paper, by=by) is True


def bring_back(turn, at):
    with time_machine.travel(at, tick=False):
        assert library.restore(turn.paper) is True


def mailed(smtp_sink, now):
    """Subjects and texts of what goes out to Bob at that moment, and the kinds that go out to anybody."""
    smtp_sink.messages.clear()
    outbox.requeue(now)
    reminders.queue_due(now)
    kinds = sorted(
        {notification.kind for notification in outbox.deliver_due(now) if notification.state == Notification.SENT}
    )
    to_bob = [m for m in smtp_sink.messages if str(m["To"]).startswith("bob")]
    return kinds, [f"{m['Subject']}\n{m.get_body(('plain',)).get_content()}" for m in to_bob]


def fresh(turn):
    return Presentation.objects.select_related("session__term", "paper").get(pk=turn.pk)


# ── the warning ──────────────────────────────────────────────────────────────────────────────────
def test_whoever_throws_away_a_shared_paper_is_told_for_which_session_and_what_to_do(sign_in, study, turn):
    with time_machine.travel(BEFORE, tick=False):
        client, address = sign_in(study["alice"]), turn.paper.get_absolute_url()
        page = client.get(address).text
        assert "Shared for Tue 16 March, 10:00" in page and "nothing is shared for that turn while" in page
        answer = client.post(f"{address}trash/", follow=True)
        said = [str(message) for message in answer.context["messages"]]
        assert said == [
            "‘GIRAFFE’ is in the trash.",
            "It was shared for Tue 16 March, 10:00 · Alice. As long as it lies there, nothing is shared for that: "
            "restore it, or share another paper.",
        ]
        page = client.get(address).text
        assert "This paper lies in the trash." in page and "Shared for Tue 16 March, 10:00" in page
        assert "Where it will be presented" not in page


def test_who_throws_away_what_nobody_presents_is_told_no_more_than_that(sign_in, study, turn):
    with time_machine.travel(BEFORE, tick=False):
        client, paper = sign_in(study["alice"]), make.paper(study["group"], "BiT", by=study["alice"])
        answer = client.post(f"{paper.get_absolute_url()}trash/", follow=True)
        assert [str(message) for message in answer.context["messages"]] == ["‘BiT’ is in the trash."]
        assert "Shared for" not in client.get(paper.get_absolute_url()).text


# ── the turn meanwhile ───────────────────────────────────────────────────────────────────────────
def test_pages_show_the_turn_without_a_paper_and_with_the_way_out(sign_in, study, turn):
    throw_away(turn, BEFORE, study["alice"])
    with time_machine.travel(BEFORE, tick=False):
        client = sign_in(study["alice"])
        for address in (turn.session.get_absolute_url(), "/g/study/schedule/turns/"):
            page = client.get(address).text
            assert "‘GIRAFFE’ was shared and lies in the trash." in page and "Due in four days" in page
            assert f'href="{turn.paper.get_absolute_url()}">Restore it</a>' in page
            assert f"/turns/{turn.pk}/share/" in page
        assert "GIRAFFE" not in client.get(turn.session.term.get_absolute_url()).text
        assert "Please share your paper by" in client.get("/g/study/").text
        assert home.gather(study["group"], study["alice"], BEFORE).mine.pk == turn.pk
        assert outline(study["alice"], BEFORE).mine(shared=False)[1].pk == turn.pk
        ics = client.get(f"{turn.session.get_absolute_url()}session.ics").content.decode()
        assert "Alice: no paper yet" in ics and "GIRAFFE" not in ics
    bring_back(turn, BEFORE)
    assert turns.state(fresh(turn), BEFORE).words == "Shared four days early"


def test_a_paper_in_the_trash_is_not_mailed_and_its_presenter_is_asked_again(study, turn, smtp_sink):
    throw_away(turn, BEFORE, study["alice"])
    assert mailed(smtp_sink, make.utc(2027, 3, 8, 0, 30)) == (["share_soon"], [])
    kinds, (text,) = mailed(smtp_sink, SHARE_DAY)
    assert kinds == ["papers_shared", "share_today"]
    assert "Big Transfer" in text and "GIRAFFE" not in text and "1 paper to read" in text


def test_a_notification_that_waits_is_judged_by_what_lies_in_the_trash_when_it_goes_out(study, turn, smtp_sink):
    Presentation.objects.exclude(pk=turn.pk).delete()
    reminders.queue_due(BEFORE + timedelta(minutes=1))
    assert set(Notification.objects.values_list("kind", "state")) == {("papers_shared", "queued")}
    throw_away(turn, BEFORE + timedelta(minutes=1), study["alice"])
    assert set(Notification.objects.values_list("state", "reason")) == {("skipped", "nothing_shared")}
    bring_back(turn, BEFORE + timedelta(hours=1))
    kinds, (text,) = mailed(smtp_sink, BEFORE + timedelta(hours=2))
    assert (kinds, "GIRAFFE" in text) == (["papers_shared"], True)


def test_a_paper_restored_after_the_others_were_sent_round_follows_them_once(study, turn, smtp_sink):
    throw_away(turn, BEFORE, study["alice"])
    mailed(smtp_sink, SHARE_DAY)
    back = SHARE_DAY + timedelta(hours=14)
    bring_back(turn, back)
    kinds, (text,) = mailed(smtp_sink, back + timedelta(minutes=1))
    assert (kinds, "GIRAFFE" in text) == (["late_paper"], True)
    assert mailed(smtp_sink, back + timedelta(hours=1)) == ([], [])


def test_a_paper_thrown_away_and_restored_after_it_was_sent_round_is_not_sent_again(study, turn, smtp_sink):
    kinds, (text,) = mailed(smtp_sink, BEFORE + timedelta(minutes=1))
    assert (kinds, "GIRAFFE" in text) == (["papers_shared"], True)
    throw_away(turn, SHARE_DAY, study["alice"])
    bring_back(turn, SHARE_DAY + timedelta(minutes=1))
    assert mailed(smtp_sink, SHARE_DAY + timedelta(minutes=2)) == ([], [])
    assert fresh(turn).shared_at == BEFORE


def test_the_notification_of_the_day_before_names_only_what_is_there(study, turn, smtp_sink):
    throw_away(turn, BEFORE, study["alice"])
    kinds, (text,) = mailed(smtp_sink, make.utc(2027, 3, 15, 1, 30))
    assert "session_tomorrow" in kinds
    assert "GIRAFFE" not in text and "the paper of Alice" in text


# ── the record afterwards ────────────────────────────────────────────────────────────────────────
def _held(turn, study, closed):
    over = MEETS + timedelta(hours=3)
    if closed:
        closing.close(turn.session, by=study["olivia"], now=MEETS + timedelta(minutes=90))
    throw_away(turn, over, study["alice"])
    return over


@pytest.mark.parametrize("closed", [True, False])
def test_a_record_goes_on_naming_what_was_presented_also_after_the_trash_was_emptied(
    sign_in, study, turn, closed, django_capture_on_commit_callbacks
):
    over = _held(turn, study, closed)
    name = turn.paper.files.get().file.name
    later = over + timedelta(days=TRASH_DAYS + 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert (library.purge(later), library.purge(later)) == (0, 0)
    paper = Paper.objects.get(pk=turn.paper_id)
    assert (paper.title, paper.authors, paper.files.count()) == ("GIRAFFE", ["Michael Niemeyer"], 0)
    assert not default_storage.exists(name)
    assert (fresh(turn).is_shared, turns.state(fresh(turn), later).words) == (True, "Presented")
    with time_machine.travel(later, tick=False):
        client = sign_in(study["bob"])
        for address in ("", "report/", "sheet/"):
            page = client.get(f"{turn.session.get_absolute_url()}{address}").text
            assert ("GIRAFFE" in page, "No paper was shared" in page) == (True, False)


def test_a_paper_that_nobody_has_presented_goes_for_good(study, turn):
    throw_away(turn, BEFORE, study["alice"])
    Session.objects.update(state=Session.CANCELLED)
    later = MEETS + timedelta(days=TRASH_DAYS + 1)
    assert library.purge(later) == 1
    assert not Paper.objects.filter(title="GIRAFFE").exists()


def test_what_lay_in_the_trash_when_the_session_was_held_was_not_presented(study, turn):
    throw_away(turn, MEETS - timedelta(days=1), study["alice"])
    over = MEETS + timedelta(hours=3)
    assert turns.state(fresh(turn), over).words == "No paper was shared"
    bring_back(turn, over)
    assert turns.state(fresh(turn), over).words == "Presented"
