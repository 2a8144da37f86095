"""Time zones are known places: forms, rows and imports say so, and a row that is not keeps no page from anybody."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now

from members.models import Group, Member
from members.time_zones import zone_of
from schedule.models import Presentation, Session, Term
from schedule.planning.forms import PlanForm
from tests import make

ROOT = Path(__file__).resolve().parents[2]
UNKNOWN = ["Mars/Olympus", "America", "", "../etc/passwd", "Asia/Seoul\x00", "posix"]


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("model", [Member, Group, Term])
def test_no_row_is_valid_in_an_unknown_zone(model, name):
    others = {field.name for field in model._meta.fields} - {"timezone"}
    with pytest.raises(ValidationError) as refused:
        model(timezone=name).clean_fields(exclude=others)
    assert list(refused.value.message_dict) == ["timezone"]
    model(timezone="Europe/Berlin").clean_fields(exclude=others)


@pytest.mark.parametrize("name", [name for name in UNKNOWN if "\x00" not in name])
def test_an_unknown_zone_of_a_person_or_a_group_reads_as_utc(name):
    assert [str(zone_of(one)) for one in (Member(timezone=name), Group(timezone=name))] == ["UTC", "UTC"]


def test_an_unknown_zone_of_a_term_reads_as_the_groups():
    assert str(Term(timezone="Mars/Olympus", group=Group(timezone="Asia/Tokyo")).zone) == "Asia/Tokyo"
    assert str(Term(timezone="America", group=Group(timezone="Mars/Olympus")).zone) == "UTC"
    assert str(Term(timezone="Europe/Berlin", group=Group(timezone="Asia/Tokyo")).zone) == "Europe/Berlin"


def test_a_term_is_not_offered_the_unknown_zone_of_its_group(study):
    group = study["group"]
    group.timezone = "Mars/Olympus"
    form = PlanForm(group=group, me=study["olivia"], instance=Term(group=group, timezone="Mars/Olympus"))
    assert [name for name, _words in form.fields["timezone"].choices][:3] == ["Asia/Seoul", "UTC", "Africa/Abidjan"]


@pytest.fixture
def on_mars(study):
    """A published term with a turn, all of it in zones that nobody knows."""
    term = make.term(study["group"])
    turn = make.presentation(make.session(term, now() + timedelta(days=3)), study["alice"])
    make.notification(turn.session, study["alice"])
    Term.objects.update(timezone="Mars/Olympus")
    Group.objects.update(timezone="America")
    Member.objects.update(timezone="Mars/Olympus")
    return Presentation.objects.select_related("session__term").get(pk=turn.pk)


@pytest.mark.parametrize("who", ["olivia", "alice"])
def test_no_page_fails_for_want_of_a_zone(study, sign_in, on_mars, who):
    client, term, session = sign_in(study[who]), on_mars.session.term, on_mars.session
    names = ["home", "schedule", "turns", "wishes", "notifications", "calendars"]
    pages = [reverse(f"schedule:{name}", args=["study"]) for name in names]
    pages += [reverse(f"schedule:{name}", args=["study", term.pk]) for name in ("term", "register", "figures")]
    pages += [reverse(f"schedule:{name}", args=["study", session.pk]) for name in ("session", "session_ics", "report")]
    pages += [reverse("schedule:swap_turn", args=["study", on_mars.pk]), reverse("members:me")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_organizers_are_told_and_keep_the_clock_of_the_group_without_moving_a_session(study, sign_in, on_mars):
    Group.objects.update(timezone="Asia/Tokyo")
    term, before = on_mars.session.term, list(Session.objects.values_list("starts_at", flat=True))
    page, words = term.get_absolute_url(), "does not know the time zone"
    keep = reverse("schedule:keep_clock", args=["study", term.pk])
    said = [words in sign_in(study[who]).get(page).content.decode() for who in ("olivia", "alice")]
    assert (said, sign_in(study["alice"]).post(keep).status_code) == ([True, False], 404)
    answer = sign_in(study["olivia"]).post(keep, follow=True)
    assert words not in answer.content.decode()
    assert Term.objects.get().timezone == "Asia/Tokyo"
    assert list(Session.objects.values_list("starts_at", flat=True)) == before
    sign_in(study["olivia"]).post(keep)
    Group.objects.update(timezone="Europe/Berlin")
    sign_in(study["olivia"]).post(keep)
    assert Term.objects.get().timezone == "Asia/Tokyo"


def test_a_session_in_an_unknown_zone_is_moved_on_the_clock_of_the_group(study, sign_in, on_mars):
    Group.objects.update(timezone="Asia/Tokyo")
    day = (now() + timedelta(days=20)).date()
    form = {"day": day.isoformat(), "time": "10:00", "seen": on_mars.session.sequence}
    sign_in(study["olivia"]).post(reverse("schedule:move", args=["study", on_mars.session.pk]), form)
    assert Session.objects.get().starts_at == make.utc(day.year, day.month, day.day, 1)


@pytest.mark.parametrize("name", ["Mars/Olympus", "America"])
def test_the_server_does_not_start_in_an_unknown_zone(name, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=os.environ | {"TIME_ZONE": name, "DATA_DIR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert f"TIME_ZONE must be a time zone such as Asia/Seoul, not '{name}'." in done.stderr
    assert done.returncode != 0
