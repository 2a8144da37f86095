"""A group out of one server and into another: equal afterwards, nobody written to, nothing false believed."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from members.models import Group, Member, Pause
from papers import library, tagging
from papers.models import Paper, PaperFile
from papers.search import index
from schedule.models import (
    Absence,
    AttendanceRecord,
    Bundle,
    Notification,
    Photo,
    Presentation,
    Session,
    Swap,
    Timetable,
)
from schedule.notifications import calendar_cancellations, outbox, reminders
from schedule.planning import session_changes, turns
from schedule.planning.swaps import offers
from schedule.transfer import bundles, group_deletion, group_export
from schedule.transfer.group_export import document
from schedule.transfer.group_import import ImportRefused, bring_in
from schedule.transfer.tables import GROUP, LEFT_OUT, TABLES
from tests import make

NOW = make.utc(2026, 3, 5)


def pdf_of(paper, data):
    file = PaperFile(
        paper=paper, group=paper.group, sha256=hashlib.sha256(data).hexdigest(), size=len(data), name="읽을 논문.pdf"
    )
    file.file.save("a.pdf", ContentFile(data), save=False)
    file.cover.save("a.webp", ContentFile(make.webp()), save=False)
    file.save()


@pytest.fixture
def group(study):
    """A term in which everything happened once."""
    group, olivia, alice, bob = (study[name] for name in ("group", "olivia", "alice", "bob"))
    gone = make.member(group, "Zoe", state="removed")
    Pause.objects.create(membership=bob, began_at=make.utc(2026, 1, 5), ended_at=make.utc(2026, 2, 1))
    Absence.objects.create(membership=alice, first_day=date(2026, 5, 1), last_day=date(2026, 5, 3), note="a wedding")
    term = make.term(
        group,
        "봄 학기",
        published_at=make.utc(2026, 2, 1),
        days_off=[{"from": "2026-04-20", "to": "2026-04-25", "reason": "중간고사"}],
    )
    first, second, third = (make.session(term, make.utc(2026, *day)) for day in ((3, 3, 1), (3, 17, 1), (3, 31, 1)))
    cards = [
        make.paper(group, title, by=alice, authors=["김민규", "Ada Lovelace"])
        for title in ("Grad-CAM", "GIRAFFE", "BiT")
    ]
    for card in cards[:2]:
        pdf_of(card, f"%PDF-1.7 {card.title}".encode())
        index.index(card, index.body_fields(f"Everything about {card.title} and 히트맵"))
    library.edit(cards[0], by=bob, changes={"venue": "ICCV"})
    tagging.tag(cards[0], ["설명 가능성"])
    library.wish(cards[2], by=bob, note="다음에 읽어요")
    cards[1].looks_like = cards[0]
    cards[1].save()
    cards[1].kept_apart.add(cards[0])
    make.presentation(
        first,
        gone,
        paper=cards[0],
        shared_at=make.utc(2026, 2, 20),
        minutes="- 히트맵",
        why={"for": gone.pk, "because": "everybody", "free": 3, "since": None},
    )
    make.presentation(second, alice)
    make.presentation(third, bob)
    Timetable.objects.create(group=group, rules={"session_tomorrow": {"on": True, "days": 2, "at": "10:00"}})
    for who, state in ((alice, "absent"), (alice, "late"), (gone, "present")):
        AttendanceRecord.objects.create(session=first, membership=who, state=state, by=olivia, at=first.starts_at)
    photo = Photo(session=first, width=600, height=776, taken_at=first.starts_at, added_by=bob)
    photo.file.save("photo.jpg", ContentFile(b"\xff\xd8 not really"))
    Session.objects.filter(pk=first.pk).update(state="held", closed_at=first.ends_at, notes="함께 정했다")
    turn = Presentation.objects.select_related("session__term__group", "presenter__member").get(presenter=alice)
    offers.accept(offers.ask(turn, by=alice, now=NOW, taker=bob, wanted=third), by=bob, now=NOW)
    third.refresh_from_db()
    session_changes.change_place(third, "Room 2", by=olivia, now=NOW)
    reminders.queue_due(NOW)
    outbox.deliver_due(NOW + timedelta(minutes=5))
    return group


def taken_out(group) -> bytes:
    row = bundles.ask(Bundle.GROUP, group=group, by=group.memberships.organizers().first(), language="en")
    assert bundles.make(row.pk)
    with Bundle.objects.get(pk=row.pk).file.open() as file:
        return file.read()


def told(group) -> dict:
    """What group.json says, but when it was made, and where the group lives."""
    said = document(group)[0]
    del said["made"], said["group"]["slug"]
    return said


def elsewhere(group):
    """The other server: nothing of the group is there any more, and none of its people."""
    group_deletion.delete_group(group)
    Member.objects.all().delete()


def changed(data: bytes, change) -> io.BytesIO:
    """The same zip with another group.json, or with other entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        entries = {name: old.read(name) for name in old.namelist()}
        document = json.loads(entries["group.json"])
        change(document, entries)
        entries["group.json"] = json.dumps(document).encode() if document is not None else entries["group.json"]
        for name, content in entries.items():
            new.writestr(name, content)
    return out


# ── out and back ─────────────────────────────────────────────────────────────────────────────────
def test_a_group_is_equal_after_it_went_to_an_empty_server(group):
    data, before = taken_out(group), told(group)
    elsewhere(group)
    back = bring_in(io.BytesIO(data), now=NOW)
    assert told(back) == before
    assert Member.objects.filter(password__startswith="!").count() == Member.objects.count() == 4


def test_a_file_from_before_turns_knew_who_took_them_is_read(group):
    def older(told, entries):
        for turn in told["presentations"]:
            del turn["taken_at"]

    data = changed(taken_out(group), older)
    elsewhere(group)
    back = bring_in(data, now=NOW)
    turns_there = Presentation.objects.filter(session__term__group=back)
    assert (turns_there.count(), set(turns_there.values_list("taken_at", flat=True))) == (3, {None})


def test_what_names_a_row_that_came_while_we_looked_is_left_out(group, monkeypatch):
    assert "swap_accepted" in {row["kind"] for row in told(group)["notifications"]}
    unseen = [replace(one, of=lambda g: Swap.objects.none()) if one.name == "swaps" else one for one in TABLES]
    monkeypatch.setattr(group_export, "TABLES", unseen)
    data, before = taken_out(group), told(group)
    assert {row["kind"] for row in before["notifications"]} & {"swap_asked", "swap_accepted"} == set()
    elsewhere(group)
    assert told(bring_in(io.BytesIO(data), now=NOW)) == before


@pytest.fixture
def one_who_left(group):
    """Alice left the group after she was invited to the last session: her calendar is waiting to be told."""
    alice, session = group.memberships.get(member__name="Alice"), group.terms.get().sessions.last()
    Notification.objects.filter(session=session, recipient=alice).delete()
    invitation = make.notification(session, alice, Notification.TOMORROW, state="sent", invited=True, due_at=NOW)
    group.memberships.filter(pk=alice.pk).update(state="left")
    calendar_cancellations.queue_due(NOW)
    assert Notification.objects.get(kind=Notification.CALENDAR_CANCELLED).dedupe_key == invitation.pk
    return group


def as_schema_1(told, entries):
    """The names that a file had before notifications and attendance records were called so."""
    told["schema"] = 1
    told["letters"], told["marks"] = told.pop("notifications"), told.pop("attendance_records")
    for row in told["memberships"]:
        row["spine"] = row.pop("colour")
    for row in told["letters"]:
        row["nth"] = row.pop("dedupe_key")
        if row["kind"] == "calendar_cancelled":
            row |= {"kind": "farewell", "nth": 4711}  # a number of the old database


@pytest.mark.parametrize("change", [lambda told, entries: None, as_schema_1], ids=["of today", "of schema 1"])
def test_what_was_taken_out_of_a_calendar_stays_known(one_who_left, change):
    data, before = changed(taken_out(one_who_left), change), told(one_who_left)
    elsewhere(one_who_left)
    back = bring_in(data, now=NOW)
    assert {name: rows for name, rows in told(back).items() if name != "notifications"} == {
        name: rows for name, rows in before.items() if name != "notifications"
    }
    calendar_cancellations.queue_due(NOW)
    assert list(Notification.objects.filter(kind=Notification.CALENDAR_CANCELLED).values_list("state", flat=True)) == [
        "expired"
    ]


def test_beside_its_twin_it_gets_another_address_and_the_same_people(group):
    data, before, people = taken_out(group), told(group), Member.objects.count()
    alice = Member.objects.get(name="Alice")
    Member.objects.filter(pk=alice.pk).update(name="Alice B.", language="ko")
    twin = bring_in(io.BytesIO(data), now=NOW)
    assert (Member.objects.count(), twin.slug != group.slug) == (people, True)
    after = told(twin)
    assert after.pop("people")[1]["name"] == "Alice B."  # an account that is here is not touched
    before.pop("people")
    assert after == before


def test_the_zip_is_of_use_without_us(group):
    with zipfile.ZipFile(io.BytesIO(taken_out(group))) as archive:
        names = archive.namelist()
        [term] = group.terms.all()
        assert [name for name in names if not name.startswith(("paper_files", "covers"))] == [
            "group.json",
            "README.txt",
            "Papers of the group.bib",
            "photos/1.jpg",
            "texts/1.txt",
            "texts/2.txt",
            f"terms/{term.pk} 봄 학기/Attendance.csv",
            f"terms/{term.pk} 봄 학기/01 2026-03-03.pptx",
        ]
        assert archive.read("paper_files/1 읽을 논문.pdf") == b"%PDF-1.7 Grad-CAM"
        assert "히트맵" in archive.read("texts/1.txt").decode()
        said = archive.read("group.json").decode()
    secrets = [make.PASSWORD, Member.objects.first().password, "code_key", "salt", "message_id"]
    assert [word for word in secrets if word in said] == []


def test_search_files_and_undo_are_as_one_would_hope(group):
    data = taken_out(group)
    elsewhere(group)
    back = bring_in(io.BytesIO(data), now=NOW)
    [found] = index.search(
        Paper.objects.in_group(back) if hasattr(Paper.objects, "in_group") else back.papers.all(), "히트맵 Grad"
    )
    assert (found.title, found.sources["venue"]) == ("Grad-CAM", f"typed:{back.memberships.get(member__name='Bob').pk}")
    with found.files.get().file.open() as file:
        assert file.read() == b"%PDF-1.7 Grad-CAM"
    turn = Presentation.objects.get(session__term__group=back, session__number=1)
    assert turn.why["for"] == turn.presenter_id == back.memberships.get(member__name="Zoe").pk
    from schedule.planning import changes

    olivia = back.memberships.organizers().get()
    assert changes.recent(back.terms.get(), olivia, NOW) == []  # what can no longer be put back is not offered


def test_nobody_is_written_to_about_what_was_due_before(group, smtp_sink):
    """The old server may have sent it. What comes due afterwards goes out, once."""
    alice = group.memberships.get(member__name="Alice")
    make.notification(group.terms.get().sessions.last(), alice, Notification.CHOOSE, due_at=NOW, about=alice)
    at = make.utc(2026, 3, 10, 12)  # the day to share of the second session began meanwhile
    data = taken_out(group)
    elsewhere(group)
    back = bring_in(io.BytesIO(data), now=at)
    reminders.queue_due(at + timedelta(minutes=1))
    outbox.deliver_due(at + timedelta(minutes=1))
    assert smtp_sink.messages == []
    states = set(Notification.objects.filter(session__term__group=back).values_list("state", flat=True))
    assert states <= {"sent", "skipped", "expired"}
    later = at + timedelta(days=1)
    reminders.queue_due(later)
    outbox.deliver_due(later)
    assert {str(mail["To"]) for mail in smtp_sink.messages} != set()


def test_a_swap_that_is_open_can_be_answered_there(group):
    turn = Presentation.objects.select_related("session__term__group", "presenter__member").get(session__number=2)
    offers.ask(turn, by=turn.presenter, now=NOW, taker=group.memberships.get(member__name="Olivia"))
    data = taken_out(group)
    elsewhere(group)
    back = bring_in(io.BytesIO(data), now=NOW)
    olivia = back.memberships.get(member__name="Olivia")
    offers.accept(Swap.objects.with_related().open().get(), by=olivia, now=NOW + timedelta(hours=1))
    assert [str(t.presenter) for t in back.terms.get().sessions.get(number=2).presentations.all()] == ["Olivia"]


def test_a_thing_shared_after_the_move_is_an_ordinary_thing(group):
    data = taken_out(group)
    elsewhere(group)
    back = bring_in(io.BytesIO(data), now=NOW)
    turn = Presentation.objects.get(session__term__group=back, session__number=2)
    turns.share(turn, back.papers.get(title="BiT"), by=turn.presenter, now=NOW + timedelta(hours=1))
    assert Presentation.objects.get(pk=turn.pk).paper.title == "BiT"


# ── nothing is forgotten ─────────────────────────────────────────────────────────────────────────
def test_every_field_of_every_model_is_taken_or_left_out_on_purpose():
    taken = {}
    for table in TABLES:
        taken.setdefault(table.model._meta.label, set()).update(table.keys)
    taken["members.Group"] = {"id", *GROUP}
    missing = []
    for app in ("members", "papers", "schedule"):
        for model in apps.get_app_config(app).get_models():
            label = model._meta.label
            if label in LEFT_OUT:
                continue
            names = {field.name for field in model._meta.get_fields() if field.concrete}
            missing += [
                f"{label}.{name}" for name in names - taken.get(label, set()) if f"{label}.{name}" not in LEFT_OUT
            ]
    assert missing == []


# ── files that lie ───────────────────────────────────────────────────────────────────────────────
def another_schema(told, entries):
    told["schema"] = 99


def an_unknown_field(told, entries):
    told["papers"][0]["is_admin"] = True


def a_missing_field(told, entries):
    del told["sessions"][1]["place"]


def a_number_out_of_order(told, entries):
    told["terms"][0]["id"] = 7


def a_name_of_nobody(told, entries):
    told["presentations"][0]["presenter"] = 77


def a_negative_name(told, entries):
    told["presentations"][0]["presenter"] = -1


def a_state_that_is_none(told, entries):
    told["sessions"][0]["state"] = "burnt"


def a_moment_that_is_none(told, entries):
    told["sessions"][0]["starts_at"] = "yesterday"


def a_moment_without_a_zone(told, entries):
    told["sessions"][0]["starts_at"] = "2026-03-03T10:00:00"


def authors_that_are_a_word(told, entries):
    told["papers"][0]["authors"] = "Ada"


def sources_that_are_numbers(told, entries):
    told["papers"][0]["sources"] = {"title": 7}


def an_address_that_is_none(told, entries):
    told["people"][0]["email"] = "not an address\nBcc: all@example.org"


def two_with_one_address(told, entries):
    told["people"][1]["email"] = told["people"][0]["email"].upper()


def another_pdf(told, entries):
    entries[told["paper_files"][0]["file"]] = b"%PDF-1.7 another"


def a_pdf_that_is_not_there(told, entries):
    told["paper_files"][0]["file"] = "../../etc/passwd"


def a_bomb(told, entries):
    told["photos"][0]["file"] = "photos/bomb.jpg"
    entries["photos/bomb.jpg"] = bytes(30 * 1024 * 1024)


def rows_that_are_words(told, entries):
    told["marks"] = ["present"]


def a_year_beyond_all(told, entries):
    told["papers"][0]["year"] = 10**30


def a_nul(told, entries):
    told["terms"][0]["name"] = "a\x00b"


def a_session_that_ends_before_it_starts(told, entries):
    told["sessions"][0]["ends_at"] = "2020-01-01T00:00:00Z"


def a_term_on_mars(told, entries):
    told["terms"][0]["timezone"] = "Mars/Olympus"


def a_group_in_a_folder_of_zones(told, entries):
    told["group"]["timezone"] = "America"


def a_person_in_no_zone(told, entries):
    told["people"][0]["timezone"] = ""


def rules_without_a_time(told, entries):
    told["timetables"][0]["rules"] = {"choose": {"on": True, "days": 7, "at": "25:00"}}


def rules_of_nothing(told, entries):
    told["timetables"][0]["rules"] = {"choose": "always"}


def a_notification_about_no_swap(told, entries):
    next(row for row in told["notifications"] if row["swap"])["swap"] = None


LIES = [
    another_schema, an_unknown_field, a_missing_field, a_number_out_of_order, a_name_of_nobody, a_negative_name,
    a_state_that_is_none, a_moment_that_is_none, a_moment_without_a_zone, authors_that_are_a_word, sources_that_are_numbers,
    an_address_that_is_none, two_with_one_address, another_pdf, a_pdf_that_is_not_there, a_bomb, rows_that_are_words,
    a_year_beyond_all, a_nul, a_session_that_ends_before_it_starts, a_term_on_mars, a_group_in_a_folder_of_zones,
    a_person_in_no_zone, rules_without_a_time, rules_of_nothing, a_notification_about_no_swap,
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_file_that_lies_brings_in_nothing(group, lie):
    data = changed(taken_out(group), lie)
    elsewhere(group)
    groups, files = Group.objects.count(), sorted(_all_files())
    with pytest.raises(ImportRefused) as refused:
        bring_in(data, now=NOW)
    assert len(str(refused.value)) > 20
    assert (Group.objects.count(), Member.objects.count(), sorted(_all_files())) == (groups, 0, files)


def _all_files(folder=""):
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _all_files(f"{folder}/{name}" if folder else name)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 half", b"%PDF-1.7", b'{"schema": 1}'])
def test_what_is_no_zip_is_said_to_be_none(db, data):
    with pytest.raises(ImportRefused):
        bring_in(io.BytesIO(data), now=NOW)


def test_another_zip_is_said_to_be_another(db):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"")
    with pytest.raises(ImportRefused, match="it is not a group that was taken out"):
        bring_in(out, now=NOW)


# ── commands and pages ───────────────────────────────────────────────────────────────────────────
def test_the_command_says_where_the_group_is(group, tmp_path, capsys):
    path = tmp_path / "group.zip"
    path.write_bytes(taken_out(group))
    elsewhere(group)
    call_command("bring_in", path)
    back = Group.objects.latest("pk")
    said = capsys.readouterr().out
    assert back.get_absolute_url() in said and "Olivia" in said
    path.write_bytes(b"PK")
    with pytest.raises(CommandError, match="^Nothing was brought in"):
        call_command("bring_in", path)


def test_organizers_ask_for_it_in_the_settings(client, group, study):
    client.force_login(study["olivia"].member)
    assert "Take everything out" in client.get(reverse("members:group_settings", args=[group.slug])).text
    page = client.post(reverse("schedule:ask_group_bundle", args=[group.slug]), follow=True)
    assert "Everything of the group, in one zip" in page.text
    client.force_login(study["bob"].member)
    assert client.post(reverse("schedule:ask_group_bundle", args=[group.slug])).status_code == 404


def test_a_group_gives_nothing_to_whoever_opened_an_account_with_the_address_of_one_of_its_people(group, sign_in):
    data = taken_out(group)
    stranger, known = (Member.objects.get(name=name) for name in ("Alice", "Bob"))
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    clients = [sign_in(stranger), sign_in(known)]
    back = bring_in(io.BytesIO(data), now=NOW)
    assert [client.get(f"/g/{back.slug}/").status_code for client in clients] == [302, 200]
    stranger.refresh_from_db()
    assert (stranger.has_usable_password(), stranger.must_review_groups) == (False, True)
