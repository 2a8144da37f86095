"""Zips to take away: what is in them, who may have them, and workers that die on the way."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from pptx import Presentation as Deck

from schedule.models import AttendanceRecord, Bundle, Photo
from schedule.reports.activity_sheet import sheet
from schedule.reports.register import as_csv, harmless, register
from schedule.transfer import bundles, term_bundle
from schedule.worker import heartbeat
from tests import make
from tests.forms import hidden

NOW = make.utc(2026, 3, 31)


def mark(session, who, state):
    return AttendanceRecord.objects.create(session=session, membership=who, state=state, by=who, at=session.starts_at)


def photo_of(session) -> Photo:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(out, "JPEG")
    photo = Photo(session=session, width=1600, height=1200, taken_at=session.starts_at)
    photo.file.save("photo.jpg", ContentFile(out.getvalue()))
    return photo


@pytest.fixture
def term(study):
    """Three sessions in March and one to come; the first with everything, the second cancelled, the third with nothing."""
    group = study["group"]
    term = make.term(group, "Spring", published_at=make.utc(2026, 2, 1))
    days = ((3, 3, 1), (3, 17, 1), (3, 30, 1), (4, 14, 1))
    first, second, _third, _to_come = (make.session(term, make.utc(2026, *day)) for day in days)
    paper = make.paper(group, "Grad-CAM", authors=["Ramprasaath Selvaraju"])
    turn = make.presentation(first, study["alice"], paper=paper, shared_at=make.utc(2026, 2, 20))
    turn.minutes = "- Heat maps\n- To do: try it"
    turn.save()
    for name, state in (("alice", "present"), ("bob", "absent"), ("bob", "late"), ("olivia", "excused")):
        mark(first, study[name], state)
    photo_of(first)
    second.state = "cancelled"
    second.save()
    return term


def made(term, study, language="en") -> Bundle:
    row = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language=language, term=term)
    Bundle.objects.filter(pk=row.pk).update(asked_at=NOW)
    assert bundles.make(row.pk)
    return Bundle.objects.get(pk=row.pk)


def test_the_zip_of_a_term_has_every_sheet_table_list_and_report(term, study):
    row = made(term, study)
    assert (row.state, row.done, row.total) == ("ready", 3, 3)
    with row.file.open() as file, zipfile.ZipFile(file) as archive:
        assert row.size == file.size
        assert archive.testzip() is None
        assert archive.namelist() == [
            "Attendance.csv",
            "Attendance.html",
            "Papers of the term.bib",
            "01 2026-03-03/Activity sheet.html",
            "01 2026-03-03/Report.pptx",
            "01 2026-03-03/Photo 1.jpg",
            "03 2026-03-30/Activity sheet.html",
            "03 2026-03-30/Report.pptx",
        ]
        assert "Grad-CAM" in archive.read("Papers of the term.bib").decode()
        page = archive.read("01 2026-03-03/Activity sheet.html").decode()
        assert page.count("data:image/jpeg;base64,") == 1
        assert 'href="/' not in page and 'src="/' not in page
        assert len(Deck(io.BytesIO(archive.read("01 2026-03-03/Report.pptx"))).slides) > 2
        assert archive.read("Attendance.csv").startswith(b"\xef\xbb\xbf")


def test_in_korean_everything_in_it_is_korean(term, study):
    with made(term, study, "ko").file.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist()[:4] == [
            "출석부.csv",
            "출석부.html",
            "논문 목록.bib",
            "01 2026-03-03/활동 확인서.html",
        ]
        assert "활동명" in archive.read("01 2026-03-03/활동 확인서.html").decode()


def test_the_sheet_has_the_eight_fields(term, study):
    term.group.category, term.group.purpose = "Academic", "To read."
    first = term.sessions.select_related("term__group").first()
    first.term.group = term.group
    told = sheet(first)
    assert (told.name, told.category, told.when, told.place, told.purpose) == (
        "CV Reading Study 1, Spring, session 1",
        "Academic",
        "Tue 3 March 2026, 10:00 – 12:00",
        first.place,
        "To read.",
    )
    assert [(str(seat.membership), seat.state) for seat in told.came] == [("Alice", "present"), ("Bob", "late")]
    assert [(read.title, read.points) for read in told.read] == [("Grad-CAM", ("Heat maps", "To do: try it"))]
    assert [shot.photo for shot in told.shots] == list(first.photos.all())


def test_the_register_counts_the_newest_mark_of_sessions_that_have_begun(term, study):
    table = register(term, NOW)
    assert [session.number for session in table.sessions] == [1, 3]
    assert [(str(row.membership), row.states, row.came) for row in table.rows] == [
        ("Olivia", ("excused", ""), 0),
        ("Alice", ("present", ""), 1),
        ("Bob", ("late", ""), 1),
    ]
    assert table.totals == [2, 0]
    assert list(csv.reader(io.StringIO(as_csv(table)))) == [
        ["Name", "2026-03-03", "2026-03-30", "came", "marked"],
        ["Olivia", "excused", "", "0", "1"],
        ["Alice", "present", "", "1", "1"],
        ["Bob", "late", "", "1", "1"],
    ]


def test_the_register_asks_as_often_for_thirty_people_as_for_three(term, study, django_assert_num_queries):
    for number in range(30):
        mark(term.sessions.first(), make.member(term.group, f"Member {number}"), "present")
    with django_assert_num_queries(3):
        as_csv(register(term, NOW))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_taken_for_a_formula(cell):
    assert (harmless(cell), harmless("Alice")) == (f"'{cell}", "Alice")


def test_asking_twice_shows_the_one_that_is_being_made(term, study):
    asked = {"group": term.group, "by": study["olivia"], "language": "en", "term": term}
    first = bundles.ask(Bundle.TERM, **asked)
    assert bundles.ask(Bundle.TERM, **asked) == first
    assert bundles.make(first.pk)
    assert bundles.ask(Bundle.TERM, **asked) != first


def test_a_worker_that_dies_is_replaced_and_three_deaths_are_the_end(term, study):
    row = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language="en", term=term)
    for deaths in range(3):
        assert bundles.waiting() == [row.pk]
        Bundle.objects.update(tries=deaths + 1, leased_until=make.utc(2026, 1, 1))
    assert bundles.waiting() == []
    assert Bundle.objects.get().state == "failed"
    assert bundles.make(row.pk) is False


def test_while_somebody_makes_it_nobody_else_does(term, study):
    row = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language="en", term=term)
    bundles.Bundle.objects.update(leased_until=make.utc(2100, 1, 1), tries=1)
    assert (bundles.waiting(), bundles.make(row.pk)) == ([], False)


def test_what_was_begun_and_left_is_written_over(term, study):
    row = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language="en", term=term)
    left = default_storage.save("1/bundles/half.zip", ContentFile(b"PK half"))
    Bundle.objects.update(file=left, tries=1)
    assert bundles.make(row.pk)
    row.refresh_from_db()
    with row.file.open() as file:
        assert (row.file.name, zipfile.ZipFile(file).testzip()) == (left, None)


def test_a_week_later_file_and_row_are_gone(term, study):
    row = made(term, study)
    heartbeat.tick(row.settled_at + timedelta(days=6))
    assert default_storage.exists(row.file.name)
    heartbeat.tick(row.settled_at + timedelta(days=7, minutes=1))
    assert (Bundle.objects.count(), default_storage.exists(row.file.name)) == (0, False)


@pytest.mark.parametrize("left", [None, b"", b"\xff\xd8\xff\xe0 cut short"], ids=["gone", "empty", "broken"])
def test_a_photo_that_cannot_be_read_costs_nobody_the_rest(term, study, left):
    photo = Photo.objects.get()
    photo.file.storage.delete(photo.file.name)
    if left is not None:
        assert default_storage.save(photo.file.name, ContentFile(left)) == photo.file.name
    with made(term, study).file.open() as file, zipfile.ZipFile(file) as archive:
        assert "There is no photo." in archive.read("01 2026-03-03/Activity sheet.html").decode()
        assert "01 2026-03-03/Report.pptx" in archive.namelist()


def test_what_goes_wrong_three_times_is_said(client, term, study):
    """The last resort: a file of ours that stands where the folder of the group should be."""
    folder = Path(default_storage.path(f"{term.group_id}/bundles"))
    folder.parent.mkdir(exist_ok=True)
    folder.write_bytes(b"")
    row = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language="en", term=term)
    for _attempt in range(3):
        assert bundles.waiting() == [row.pk]
        assert bundles.make(row.pk) is False
    assert bundles.waiting() == []
    client.force_login(study["olivia"].member)
    page = client.get(reverse("schedule:bundle", args=["study", row.pk]))
    assert "It could not be made" in page.text and "Make it anew" in page.text
    folder.unlink()
    client.post(reverse("schedule:ask_bundle", args=["study", term.pk]))
    assert bundles.make(bundles.waiting()[0])


def test_names_are_marked_as_utf_8_and_lie_in_the_folder_they_are_opened_in(term, study):
    type(term.group).objects.update(name="../../=1+1 그룹", club="<script>")
    with made(term, study, "ko").file.open() as file, zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    assert all(entry.flag_bits & 0x800 for entry in entries if not entry.filename.isascii())
    assert {len(Path(entry.filename).parts) for entry in entries} == {1, 2}
    assert not any(".." in entry.filename or entry.filename.startswith("/") for entry in entries)


def test_a_member_with_the_name_of_a_formula_is_a_name_in_the_table(term, study):
    study["bob"].member.name = '=HYPERLINK("https://evil.example","Bob")'
    study["bob"].member.save()
    names = [row[0] for row in csv.reader(io.StringIO(as_csv(register(term, NOW))))]
    assert names == ["Name", "Olivia", "Alice", '\'=HYPERLINK("https://evil.example","Bob")']


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c:d", "  . ", "CON\x00", "제1회: 모임?"])
def test_names_in_it_are_names_on_every_system(name):
    said = term_bundle.name_of(name)
    assert said and not set(said) & set('/\\:*?"<>|\x00') and said.strip(". ") == said


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def test_the_story_ask_wait_get(client, term, study):
    client.force_login(study["olivia"].member)
    page = client.post(reverse("schedule:ask_bundle", args=["study", term.pk]), follow=True)
    assert "It is being made" in page.text
    bundles.make(Bundle.objects.get().pk)
    assert "Get the zip" in client.get(page.request["PATH_INFO"]).text
    answer = client.get(reverse("schedule:bundle_file", args=["study", Bundle.objects.get().pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="CV Reading Study 1 Spring.zip"'
    data = b"".join(answer.streaming_content)
    assert (len(data), int(answer.headers["Content-Length"])) == (Bundle.objects.get().size,) * 2


def test_what_a_club_calls_it_is_set_once_and_stands_on_every_sheet(client, term, study):
    client.force_login(study["olivia"].member)
    page, sheet_of = (
        reverse("members:group_settings", args=["study"]),
        term.sessions.first().get_absolute_url() + "sheet/",
    )
    assert "Academic: study group" in client.get(sheet_of).text
    given = {"name": "Study", "club": "CUAI", "language": "ko", "timezone": "Asia/Seoul", "country": "KR"}
    client.post(page, hidden(client, page) | given | {"category": "Science <b>", "purpose": "To see how machines see."})
    text = client.get(sheet_of).text
    assert "Science &lt;b&gt;" in text and "To see how machines see." in text and "Academic: study group" not in text


def test_a_draft_has_no_zip_yet(client, study):
    draft = make.term(study["group"], published_at=None)
    client.force_login(study["olivia"].member)
    assert client.post(reverse("schedule:ask_bundle", args=["study", draft.pk])).status_code == 404
    assert Bundle.objects.count() == 0


def test_the_page_of_the_term_leads_organizers_back_to_their_zip(client, term, study):
    row = made(term, study)
    client.force_login(study["olivia"].member)
    assert f'href="/g/study/bundles/{row.pk}/"' in client.get(term.get_absolute_url()).text
    client.force_login(study["bob"].member)
    assert "/bundles/" not in client.get(term.get_absolute_url()).text


def test_members_read_sheet_and_register_and_only_organizers_take_the_zip(client, term, study):
    row, session = made(term, study), term.sessions.first()
    pages = {
        "sheet": reverse("schedule:sheet", args=["study", session.pk]),
        "register": reverse("schedule:register", args=["study", term.pk]),
        "csv": reverse("schedule:register_csv", args=["study", term.pk]),
        "bundle": reverse("schedule:bundle", args=["study", row.pk]),
        "file": reverse("schedule:bundle_file", args=["study", row.pk]),
    }
    seen = {}
    stranger = make.organizer(make.group("Other"), "Zoe")
    for who in (study["bob"], stranger):
        client.force_login(who.member)
        seen[str(who)] = {name: client.get(path).status_code for name, path in pages.items()}
    assert seen == {
        "Bob": {"sheet": 200, "register": 200, "csv": 200, "bundle": 404, "file": 404},
        "Zoe": dict.fromkeys(pages, 404),
    }
    client.force_login(stranger.member)
    assert client.get(reverse("schedule:bundle_file", args=[stranger.group.slug, row.pk])).status_code == 404
