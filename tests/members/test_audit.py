"""What happened is written down: by whom, from where; it is shown to whom it concerns, and forgotten in time."""

import json
import logging
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils.timezone import now

from members import accounts, audit, browsers, founding, invitations, membership
from members.models import AuditEvent
from schedule.calendars import secret_links
from schedule.models import Bundle
from schedule.transfer import bundles, group_deletion
from schedule.worker import heartbeat
from tests import make
from tests.forms import hidden

LOGIN = "/accounts/login/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def events(**only):
    """What is recorded, oldest first, by the names of people."""
    rows = (
        AuditEvent.objects.filter(**only).order_by("pk").values_list("kind", "by__name", "about__name", "how", "detail")
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def alice(db):
    return accounts.open_account(
        email="alice@example.org", name="Alice", password=make.PASSWORD, language="en", timezone="UTC", verified=True
    )


def browser(**meta):
    return Client(headers={"user-agent": FIREFOX}, **({"REMOTE_ADDR": "192.0.2.7"} | meta))


def sign_in(client, email="alice@example.org", password=make.PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


# ── accounts ─────────────────────────────────────────────────────────────────────────────────────
def test_signing_in_failing_and_leaving_are_recorded_with_where_from(alice):
    client = browser()
    sign_in(client, password="a guess")
    sign_in(client, email="nobody@example.org")
    sign_in(client)
    client.post("/accounts/logout/")
    assert events() == [
        ("sign_in_failed", None, "Alice", "password", ""),
        ("sign_in_failed", None, None, "password", ""),
        ("signed_in", "Alice", "Alice", "password", ""),
        ("signed_out", "Alice", "Alice", "", ""),
    ]
    assert set(AuditEvent.objects.values_list("address", "browser")) == {("192.0.2.7", "Firefox, Linux")}


def test_what_is_recorded_of_a_failure_tells_the_visitor_nothing(alice):
    answers = [sign_in(Client(), email=email, password="a guess") for email in ("alice@example.org", "bob@example.org")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert AuditEvent.objects.filter(detail="").count() == 2  # what was typed may be a password


def test_the_address_is_the_visitors_behind_the_proxies_that_we_trust_and_nobody_elses(alice, settings):
    for trusted, seen in ((0, "192.0.2.7"), (1, "203.0.113.9")):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
        sign_in(browser(HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9"))
        assert AuditEvent.objects.first().address == seen


def test_a_code_by_mail_and_a_recovery_code_are_recorded_as_what_they_are(alice, smtp_sink):
    client = browser()
    client.post("/accounts/login/code/", {"email": "alice@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})
    code = smtp_sink.messages[0]["subject"].split()[0]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert [(kind, how) for kind, _by, _about, how, _detail in events()] == [
        ("sign_in_failed", "code"),
        ("signed_in", "code"),
    ]
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    seeded = Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "seed", "used_mask": 0})
    second = browser()
    sign_in(second)
    second.post("/accounts/2fa/authenticate/", {"code": seeded.wrap().get_unused_codes()[0]})
    assert [(kind, how) for kind, _by, _about, how, _detail in events()][2:] == [
        ("recovery_code_used", ""),
        ("signed_in", "recovery_codes"),
    ]


@pytest.mark.django_db(transaction=True)
def test_second_steps_passwords_and_codes_are_recorded():
    alice = accounts.open_account(
        email="alice@example.org", name="Alice", password=make.PASSWORD, language="en", timezone="UTC", verified=True
    )
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = browser()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.get("/accounts/2fa/recovery-codes/")
    client.post("/accounts/2fa/totp/deactivate/")
    new = "a new password of Alice"
    client.post("/accounts/password/change/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert events() == [
        ("signed_in", "Alice", "Alice", "", ""),
        ("recovery_codes_made", "Alice", "Alice", "", ""),
        ("recovery_codes_viewed", "Alice", "Alice", "", ""),
        ("factor_removed", "Alice", "Alice", "totp", ""),
        ("factor_removed", "Alice", "Alice", "recovery_codes", ""),
        ("password_changed", "Alice", "Alice", "", ""),
    ]


def test_what_operators_do_to_accounts_is_recorded(alice, client):
    opal = make.person("Opal", is_staff=True, is_superuser=True)
    client.force_login(opal, backend="django.contrib.auth.backends.ModelBackend")
    AuditEvent.objects.all()._raw_delete("default")
    step = Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    for page, action, row in (
        ("member", "close", alice), ("member", "open_again", alice), ("authenticator", "delete_selected", step),
    ):  # fmt: skip
        app = "mfa" if page == "authenticator" else "members"
        form = {"action": action, "_selected_action": [row.pk], "post": "yes"}
        client.post(f"/admin/{app}/{page}/", form)
    assert events() == [
        ("account_closed", "Opal", "Alice", "", ""),
        ("account_opened", "Opal", "Alice", "", ""),
        ("factor_removed", "Opal", "Alice", "totp", ""),
    ]


# ── groups ───────────────────────────────────────────────────────────────────────────────────────
def test_who_came_went_and_was_made_what_is_recorded(study, sign_in):
    group, olivia, alice, bob = (study[name] for name in ("group", "olivia", "alice", "bob"))
    organizer = sign_in(olivia)
    for place, verb in (
        (bob, "pause"),
        (bob, "resume"),
        (bob, "promote"),
        (bob, "demote"),
        (bob, "remove"),
        (bob, "restore"),
    ):
        organizer.post(f"/g/study/members/{place.pk}/{verb}/")
    organizer.post(f"/g/study/members/{alice.pk}/promote/")
    organizer.post(f"/g/study/members/{olivia.pk}/demote/")
    sign_in(alice).post(f"/g/study/members/{alice.pk}/demote/")  # the last one: refused, so not recorded
    sign_in(bob).post(f"/g/study/members/{bob.pk}/leave/")
    kinds = [(kind, by, about) for kind, by, about, _how, _detail in events(group=group)]
    assert kinds == [
        ("paused", "Olivia", "Bob"),
        ("resumed", "Olivia", "Bob"),
        ("promoted", "Olivia", "Bob"),
        ("demoted", "Olivia", "Bob"),
        ("removed", "Olivia", "Bob"),
        ("restored", "Olivia", "Bob"),
        ("promoted", "Olivia", "Alice"),
        ("stepped_back", "Olivia", "Olivia"),
        ("left", "Bob", "Bob"),
    ]


def test_ways_in_and_out_are_recorded(study, sign_in):
    olivia = study["olivia"]
    link = invitations.invite(study["group"], by=olivia, at=now())
    mailed = invitations.invite(study["group"], by=olivia, at=now(), email="dora@example.org")
    sign_in(olivia).post(f"/g/study/invitations/{mailed.pk}/revoke/")
    invitations.accept(link.token, make.person("Dora"), at=now())
    secret_links.renew(olivia)
    secret_links.renew(olivia)
    bundles.ask(Bundle.GROUP, group=study["group"], by=olivia, language="en")
    sign_in(olivia).post("/g/study/settings/", hidden(sign_in(olivia), "/g/study/settings/") | {
        "name": "Another name", "club": "", "language": "ko", "timezone": "Asia/Seoul", "country": "KR"})  # fmt: skip
    assert events(group=study["group"]) == [
        ("join_link_made", "Olivia", None, "", ""),
        ("invited", "Olivia", None, "", "dora@example.org"),
        ("invitation_revoked", "Olivia", None, "", "dora@example.org"),
        ("joined", "Dora", "Dora", "", ""),
        ("calendar_links_made", "Olivia", "Olivia", "", ""),
        ("calendar_links_renewed", "Olivia", "Olivia", "", ""),
        ("group_exported", "Olivia", None, "", ""),
        ("settings_changed", "Olivia", None, "", "name"),
    ]


def test_the_beginning_and_the_end_of_a_group_are_recorded(alice):
    group = founding.start_group(by=alice, name="Study", language="en", timezone="UTC")
    group_deletion.delete_group(group)
    assert events() == [
        ("group_created", "Alice", None, "", ""),
        ("joined", "Alice", "Alice", "", ""),
        ("group_deleted", None, None, "", "study"),
    ]
    assert AuditEvent.objects.filter(group__isnull=False).count() == 0


# ── rows and lines ───────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def lines():
    """What the logger `audit` writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger("audit").addHandler(handler)
    yield written
    logging.getLogger("audit").removeHandler(handler)


@pytest.mark.django_db(transaction=True)
def test_each_event_is_a_line_of_json_without_names_and_addresses_of_people(lines):
    group, alice = make.group(slug="study"), make.person("Alice", email="alice@example.org")
    with time_machine.travel("2026-11-30T10:00:00Z", tick=False):
        audit.record("invited", by=alice, group=group, detail="dora@example.org")
    assert [json.loads(line) for line in lines.getvalue().splitlines()] == [
        {"at": "2026-11-30T10:00:00+00:00", "event": "invited", "by": alice.pk, "group": group.pk}
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_a_row_nor_a_line(lines):
    only = make.organizer()
    with pytest.raises(membership.LastOrganizer):
        membership.change(only, "demote", by=only.member)
    with pytest.raises(RuntimeError), transaction.atomic():
        membership.enter(only.group, make.person("Bob"), "member")
        raise RuntimeError
    assert (AuditEvent.objects.count(), lines.getvalue()) == (0, "")


def test_an_event_cannot_be_changed_or_taken_out(alice):
    audit.record("signed_out", by=alice, about=alice)
    event = AuditEvent.objects.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert AuditEvent.objects.get().kind == "signed_out"


def test_events_are_kept_for_a_year_and_the_tick_forgets_them(alice):
    audit.record("signed_out", by=alice, about=alice)
    at = AuditEvent.objects.get().at
    for days, left in ((365, 1), (366, 0)):
        heartbeat.tick(at + timedelta(days=days))
        assert AuditEvent.objects.count() == left


def test_of_a_deleted_account_only_a_number_is_left(study):
    olivia, dora = study["olivia"].member, make.person("Dora")
    for by, about in ((dora, dora), (olivia, dora), (dora, olivia)):
        AuditEvent.objects.create(
            kind="removed", by=by, about=about, detail="dora@example.org", address="192.0.2.7", browser="Firefox"
        )
    number = dora.pk
    dora.delete()
    names = ("by", "former_by", "about", "former_about", "detail", "address", "browser")
    assert list(AuditEvent.objects.order_by("pk").values_list(*names)) == [
        (None, number, None, number, "", "", ""),
        (olivia.pk, None, None, number, "", "192.0.2.7", "Firefox"),
        (None, number, olivia.pk, None, "", "", ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_operators_backup_is_recorded(tmp_path):
    call_command("backup", str(tmp_path / "study.zip"), stderr=StringIO())
    assert events() == [("backup_made", None, None, "", "")]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def test_a_person_sees_what_happened_with_the_account_and_nothing_of_others(study, sign_in):
    bob = study["bob"].member
    browser().post(LOGIN, {"login": bob.email, "password": "a guess"})
    membership.change(study["bob"], "pause", by=study["olivia"].member)
    AuditEvent.objects.create(kind="removed", by=study["mallory"].member, group=study["mallory"].group)
    page = sign_in(bob).get("/me/activity/").content.decode()
    assert ["Sign-in failed" in page, "192.0.2.7" in page, "Firefox, Linux" in page] == [True] * 3
    assert ["Takes a break" in page, "Olivia" in page, "Removed from the group" in page] == [True, True, False]


def test_organizers_see_who_did_what_in_their_group_and_not_from_where(study, sign_in):
    group = study["group"]
    for by, about in ((study["alice"], study["alice"]), (study["olivia"], study["bob"])):
        AuditEvent.objects.create(
            kind="removed", by=by.member, about=about.member, group=group, address="192.0.2.7", browser="Firefox, Linux"
        )
    AuditEvent.objects.create(kind="signed_in", by=study["bob"].member, about=study["bob"].member)
    page = sign_in(study["olivia"]).get("/g/study/activity/").content.decode()
    assert ["Removed from the group" in page, "Alice" in page, "Bob" in page, "Signed in" in page] == [
        True,
        True,
        True,
        False,
    ]
    assert ["192.0.2.7" in page, "Firefox" in page] == [False, False]


@pytest.mark.parametrize("page", ["/me/activity/", "/g/study/activity/"])
def test_a_page_of_events_asks_as_often_for_one_as_for_thirty(study, sign_in, page, django_assert_max_num_queries):
    olivia, client = study["olivia"].member, sign_in(study["olivia"])
    client.get(page)  # the first look remembers the group
    asked = []
    for count in (1, 30):
        for _ in range(count):
            AuditEvent.objects.create(kind="joined", by=olivia, about=study["bob"].member, group=study["group"])
        with django_assert_max_num_queries(30) as captured:
            client.get(page)
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_long_pasts_have_pages(study, sign_in):
    olivia = study["olivia"].member
    client = sign_in(olivia)
    for _ in range(60):
        AuditEvent.objects.create(kind="joined", by=olivia, about=olivia, group=study["group"])
    first, second = (client.get(f"/g/study/activity/?page={number}").content.decode() for number in (1, 2))
    assert [page.count("Joined the group") for page in (first, second)] == [50, 10]
    assert ['rel="next"' in first, 'rel="prev"' in second] == [True, True]


def test_nobody_changes_events_in_the_admin(alice, client):
    client.force_login(make.person("Opal", is_staff=True, is_superuser=True))
    pk = AuditEvent.objects.get().pk
    page = client.get("/admin/members/auditevent/")
    assert (page.status_code, client.get("/admin/members/auditevent/add/").status_code) == (200, 403)
    assert client.post(f"/admin/members/auditevent/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/members/auditevent/{pk}/change/", {"kind": "joined"}).status_code == 403


# ── browsers in words ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36", "Chrome, macOS"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Whale/4.33 Safari/537.36", "Whale, Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_told_in_words(user_agent, words):
    assert browsers.in_words(user_agent) == words
