"""The operator's desk: everything is found there, and nothing is changed behind the outbox's back."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from members import account_notices, audit
from members.models import Member, Muted, Pause
from members.records import Failure, Refusal
from papers import tagging
from papers.models import Lookup, Source, Wish
from schedule.models import (
    Absence,
    AttendanceRecord,
    Bundle,
    CalendarLink,
    Change,
    DeckTemplate,
    Heartbeat,
    Notification,
    Photo,
    Swap,
    Timetable,
)
from tests import make

OURS = ("members", "papers", "schedule")
# what is on no page of its own, and why
NOT_SHOWN = {
    "papers.paperfile": "stands on the page of its paper",
    "papers.wish": "a note among members",
    "papers.papertext": "what search looks in; made from the paper",
    "members.invitationstop": "whoever reads the address allows invitations again by their link",
    "members.ratecount": "counts that end by themselves",
    "members.cacheentry": "values that expire by themselves",
    "members.sentform": "a fingerprint, kept for two days",
    "papers.readinglist": "a sent file that somebody is still looking at",
}
NOTIFICATIONS = reverse("admin:schedule_notification_changelist")


@pytest.fixture
def operator(client, db):
    client.force_login(make.person("Olivia", is_staff=True, is_superuser=True))
    return client


def fill(number: int, lead) -> None:
    """One more of everything in the group of `lead`."""
    group = lead.group
    place = make.member(group, f"Member {number}")
    paper = make.paper(by=place, title=f"Paper {number}")
    make.paper_file(paper, added_by=place)
    tagging.tag(paper, [f"tag {number}"])
    Wish.objects.create(paper=paper, membership=place)
    Lookup.objects.create(paper=paper, kind="doi", identifier=f"10.1/{number}", asked_by=place)
    Source.objects.create(name=f"source {number}")
    term = make.term(group, name=f"Term {number}")
    session = make.session(term)
    make.presentation(session, place, paper=paper)
    make.notification(session, place)
    make.invitation(lead, email=f"invited{number}@example.org")
    change = Change.objects.create(term=term, by=place, kind=Change.PLAN, at=now())
    Swap.objects.create(
        session=session, giver=place, taker=lead, by=place, starts_at=session.starts_at, asked_at=now(), change=change
    )
    Absence.objects.create(membership=place, first_day=now().date(), last_day=now().date())
    AttendanceRecord.objects.create(
        session=session, membership=place, state=AttendanceRecord.PRESENT, at=now(), by=lead
    )
    Photo.objects.create(session=session, file="photo.jpg", width=4, height=3, taken_at=now(), added_by=place)
    Timetable.objects.create(term=term)
    CalendarLink.objects.create(membership=place, salt=f"salt-{number}-salt")
    Bundle.objects.create(group=group, kind=Bundle.TERM, term=term, language="en", by=place)
    DeckTemplate.objects.create(group=make.group(f"Group {number}"), by=place)
    Heartbeat.objects.create(name=f"pulse {number}", at=now())
    Failure.objects.create(
        step="notifications", row=f"notification {number}", group=group, error="ValueError", at=now()
    )
    Muted.objects.create(member=place.member, topic="minutes")
    Pause.objects.create(membership=place)
    Refusal.objects.create(email=f"gone{number}@example.org", answer="550 User unknown", at=now())
    change = make.address_change(place.member, old=f"before{number}@example.org")
    account_notices.queue(place.member, "address_changed", email=change.old, change=change)
    audit.record("removed", by=lead.member, about=place.member, group=group)
    Authenticator.objects.create(user=place.member, type="totp", data={"secret": f"secret-{number}-secret"})


def models() -> list:
    return [*(model for model in admin.site._registry if model._meta.app_label in OURS), Authenticator]


def address(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def lists() -> list[str]:
    return [address(model, "changelist") for model in admin.site._registry]


def asked(client) -> dict[str, int]:
    """How many questions to the database each list and the page of each first row cost."""
    counts = {}
    for model in models():
        for page in (address(model, "changelist"), address(model, "change", model.objects.order_by("pk").first().pk)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200, page
            counts[page] = len(queries)
    return counts


def test_every_list_and_page_asks_as_often_for_thirty_as_for_three(operator):
    lead = make.organizer()
    for number in range(3):
        fill(number, lead)
    asked(operator)  # what is looked up once for all
    few = asked(operator)
    for number in range(3, 30):
        fill(number, lead)
    assert [model for model in models() if model.objects.count() < 30] == []
    assert asked(operator) == few


def test_every_list_can_be_searched_and_filtered(operator):
    fill(1, make.organizer())
    for model in models():
        shown = admin.site._registry[model]
        pages = ["?q=Member"] if shown.search_fields else []
        pages += [f"?{shown.date_hierarchy}__year={now().year}"] if shown.date_hierarchy else []
        for page in pages:
            answer = operator.get(address(model, "changelist") + page)
            assert (answer.status_code, "e=1" in answer.request["QUERY_STRING"]) == (200, False), (model, page)


def test_every_table_is_shown_or_has_a_reason_not_to_be():
    hidden = {model._meta.label_lower for name in OURS for model in apps.get_app_config(name).get_models()}
    hidden -= {model._meta.label_lower for model in admin.site._registry}
    assert {name for name in hidden if not name.count("_")} == set(NOT_SHOWN)


def test_no_page_shows_a_secret(operator):
    lead = make.organizer()
    fill(1, lead)
    invitation = lead.group.invitations.get()
    secrets = ["salt-1-salt", "secret-1-secret", invitation.nonce, invitation.token_hash, invitation.token]
    secrets.append(lead.member.password)
    pages = [address(model, "changelist") for model in models()]
    pages += [address(model, "change", row.pk) for model in models() for row in model.objects.all()]
    texts = {page: operator.get(page, follow=True).content.decode() for page in pages}
    assert [(page, secret) for page, text in texts.items() for secret in secrets if secret in text] == []


def test_a_notification_is_shown_and_cannot_be_added_changed_or_deleted(operator):
    notification = make.notification()
    shown = reverse("admin:schedule_notification_change", args=[notification.pk])
    gone = reverse("admin:schedule_notification_delete", args=[notification.pk])
    answers = [
        operator.get(shown),
        operator.get(reverse("admin:schedule_notification_add")),
        operator.post(shown, {"state": "sent"}),
        operator.post(gone, {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    assert Notification.objects.get().state == Notification.QUEUED


def test_failed_notifications_are_tried_again_and_others_left_alone(operator):
    session = make.session()
    later = now() + timedelta(hours=1)
    failed = make.notification(session, state=Notification.FAILED, next_try_at=later)
    sent = make.notification(session, make.member(session.term.group, "Bob"), state=Notification.SENT)
    chosen = {"action": "try_again", "_selected_action": [failed.pk, sent.pk]}
    answer = operator.post(NOTIFICATIONS, chosen, follow=True)
    states = dict(Notification.objects.values_list("pk", "state"))
    assert states == {failed.pk: Notification.QUEUED, sent.pk: Notification.SENT}
    assert Notification.objects.get(pk=failed.pk).next_try_at is None
    assert [str(one) for one in answer.context["messages"]] == [
        "1 notification is tried again.",
        "1 notification was left alone: it neither failed nor is in doubt.",
    ]


@pytest.mark.parametrize("who", ["stranger", "member", "organizer"])
def test_nobody_but_an_operator_is_shown_a_page(client, db, who):
    lead = make.organizer()
    fill(1, lead)
    people = {"member": make.member(lead.group, "Bob").member, "organizer": lead.member}
    if who in people:
        client.force_login(people[who])
    pages = [reverse("admin:index"), *lists(), *(reverse("admin:app_list", args=[name]) for name in OURS)]
    pages += [address(model, "add") for model in models()]
    pages += [address(m, page, m.objects.first().pk) for m in models() for page in ("change", "delete", "history")]
    answers = {page: client.get(page) for page in pages}
    doors = (reverse("admin:login"), reverse("account_login"))
    assert [(p, a.status_code) for p, a in answers.items() if a.status_code != 302 or not a.url.startswith(doors)] == []
    client.post(NOTIFICATIONS, {"action": "try_again", "_selected_action": [Notification.objects.get().pk]})
    client.post(address(Member, "change", lead.member.pk), {"is_staff": "on"})
    assert (Notification.objects.get().state, Member.objects.filter(is_staff=True).count()) == (Notification.QUEUED, 0)


def test_every_column_of_the_desk_has_korean_words(rf, db):
    request = rf.get("/admin/")
    request.user = make.person("Olivia", is_staff=True, is_superuser=True)
    with override("ko"):
        foreign = {
            (model.__name__, name, label)
            for model, desk in admin.site._registry.items()
            for name in _shown(desk, request)
            if not re.search("[가-힣]", label := str(label_for_field(name, model, desk)))
        }
    assert {label for _model, _name, label in foreign} == {"DOI", "arXiv"}


def _shown(desk, request):
    """The columns of its list, without the first box, and the fields of its page."""
    columns = set(desk.get_list_display(request)) - {"action_checkbox", "__str__"}
    return columns | {name for _title, group in desk.get_fieldsets(request, desk.model()) for name in group["fields"]}
