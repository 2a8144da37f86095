"""The record of a session: who came, proof that it met, its minutes; closed, it stays as it is."""

import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

from members import preferences
from schedule import markup
from schedule.meetings import attendance, closing, minutes, photos
from schedule.models import AttendanceRecord, Change, Notification, Photo, Presentation, Session
from schedule.notifications import outbox
from schedule.refusal import ChangedMeanwhile, NotPossible
from tests import make

register_heif_opener()  # to make photos as phones do

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(study):
    """It began five minutes ago; Alice presents."""
    made = make.session(make.term(study["group"]), now() - timedelta(minutes=5))
    make.presentation(made, study["alice"], paper=make.paper(study["group"], "GIRAFFE"))
    return made


def states(session):
    return [(str(seat.membership), seat.state) for seat in attendance.attendance_list(session)]


# ── who came ──
def test_one_tap_marks_and_the_newest_mark_counts(study, session):
    for state in (AttendanceRecord.ABSENT, AttendanceRecord.ABSENT, AttendanceRecord.LATE):
        attendance.mark(session, study["bob"], state, by=study["olivia"], now=now())
    assert states(session) == [("Olivia", ""), ("Alice", ""), ("Bob", "late")]
    assert [mark.state for mark in attendance.attendance_list(session)[2].marks] == ["absent", "late"]
    assert attendance.count(attendance.attendance_list(session)) == (1, 1)


def test_members_do_not_mark_others_and_nobody_marks_before_the_day(study, session):
    with pytest.raises(NotPossible, match="Only organizers"):
        attendance.mark(session, study["bob"], AttendanceRecord.PRESENT, by=study["alice"], now=now())
    with pytest.raises(NotPossible, match="an hour before"):
        attendance.mark(
            session,
            study["bob"],
            AttendanceRecord.PRESENT,
            by=study["olivia"],
            now=session.starts_at - timedelta(hours=2),
        )
    assert not AttendanceRecord.objects.exists()


def test_who_left_keeps_the_mark_and_is_not_asked_for_without_one(study, session):
    attendance.mark(session, study["bob"], AttendanceRecord.PRESENT, by=study["olivia"], now=now())
    study["group"].memberships.filter(pk__in=[study["bob"].pk, study["alice"].pk]).update(state="removed")
    assert states(session) == [("Olivia", ""), ("Bob", "present")]


def test_a_code_holds_for_its_minute_and_the_next(study, session):
    attendance.open_code(session, now=now())
    session.refresh_from_db()
    start = session.starts_at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    digits = attendance.code(session, start)
    assert len(digits) == 6 and digits.isdecimal()
    assert attendance.enter(session, f" {digits[:3]} {digits[3:]}", by=study["bob"], now=start).state == "present"
    late = start + timedelta(seconds=119)
    assert attendance.enter(session, digits, by=study["alice"], now=late).by_code is True
    with pytest.raises(NotPossible, match="changes every minute"):
        attendance.enter(session, digits, by=study["olivia"], now=start + timedelta(minutes=2))


def test_who_enters_the_code_after_ten_minutes_is_late_and_twice_is_once(study, session):
    attendance.open_code(session, now=now())
    session.refresh_from_db()
    at = session.starts_at + timedelta(minutes=11)
    for _ in range(2):
        attendance.enter(session, attendance.code(session, at), by=study["bob"], now=at)
    assert list(AttendanceRecord.objects.values_list("membership", "state")) == [(study["bob"].pk, "late")]


def test_codes_end_with_the_organizers_press_and_two_sessions_have_two(study, session):
    other = make.session(session.term, now())
    for one in (session, other):
        attendance.open_code(one, now=now())
        one.refresh_from_db()
    at = now()
    digits = attendance.code(session, at)
    assert digits != attendance.code(other, at)
    attendance.close_code(session)
    session.refresh_from_db()
    with pytest.raises(NotPossible, match="No code is open"):
        attendance.enter(session, digits, by=study["bob"], now=at)


def test_the_story_of_a_code_in_the_browser(study, session, sign_in, standing_clock):
    olivia, bob, address = sign_in(study["olivia"]), sign_in(study["bob"]), session.get_absolute_url()
    page = olivia.post(f"{address}code/open/", follow=True)
    digits = page.context["digits"]
    assert "<svg" in page.content.decode() and "viewBox" in page.content.decode()
    assert bob.get(f"{address}here/?code={digits}").context["digits"] == digits
    assert bob.post(f"{address}here/", {"code": "000000"}).status_code in {302, 422}
    assert "You are here" in bob.post(f"{address}here/", {"code": digits}, follow=True).content.decode()
    assert bob.get(f"{address}code/").status_code == 404
    for _ in range(9):
        last = bob.post(f"{address}here/", {"code": "1"})
    assert last.status_code == 429


# ── photos ──
def picture(form="JPEG", size=(400, 300), **options) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return SimpleUploadedFile("photo.bin", out.getvalue())


def drawn(photo) -> Image.Image:
    """The picture as it is kept."""
    with photo.file.open() as stored:
        return Image.open(BytesIO(stored.read()))


def with_exif(orientation=6, taken="2026:03:29 10:15:00"):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "A camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (126.0, 57.0, 0.0)})
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    return picture(exif=exif)


def test_a_photo_loses_its_place_and_camera_and_stands_upright(study, session):
    file = with_exif()
    assert Image.open(file).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    file.seek(0)
    kept = photos.add(session, file, by=study["bob"], now=now())
    image = drawn(kept)
    assert (image.format, image.size, dict(image.getexif()), "exif" in image.info) == (
        "JPEG",
        (300, 400),
        {},
        False,
    )
    assert (kept.width, kept.height) == (300, 400)


def test_the_time_of_a_photo_is_the_cameras_where_that_can_be(study, session):
    near = (session.starts_at + timedelta(minutes=2)).astimezone(session.zone)
    kept = photos.add(session, with_exif(taken=f"{near:%Y:%m:%d %H:%M:%S}"), by=study["bob"], now=now())
    assert kept.taken_at == near.replace(microsecond=0)
    at = now()
    assert photos.add(session, with_exif(taken="1970:01:01 00:00:00"), by=study["bob"], now=at).taken_at == at


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF", "JPEG"])
def test_photos_of_every_phone_are_read(study, session, form):
    kept = photos.add(session, picture(form), by=study["bob"], now=now())
    assert drawn(kept).format == "JPEG"


def test_see_through_parts_become_white_and_large_ones_small(study, session):
    out = BytesIO()
    Image.new("RGBA", (3000, 2000), (0, 0, 0, 0)).save(out, "PNG")
    kept = photos.add(session, SimpleUploadedFile("a.png", out.getvalue()), by=study["bob"], now=now())
    image = drawn(kept)
    assert (image.size, image.getpixel((5, 5))) == ((2000, 1333), (255, 255, 255))


def a_bomb():
    """A PNG that says it has 10 gigapixels."""
    data = bytearray(picture("PNG", (10, 10)).read())
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 no photo", "not a photo"),
        (b"<svg onload='alert(1)'/>", "not a photo"),
        (picture().read()[:300], "broken"),
        (a_bomb(), "pixels|broken"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(study, session, data, words):
    with pytest.raises(NotPossible, match=words):
        photos.add(session, SimpleUploadedFile("photo.jpg", data), by=study["bob"], now=now())
    assert not Photo.objects.exists()


def test_sixty_megapixels_of_a_phone_are_drawn_small(study, session):
    kept = photos.add(session, picture(size=(9000, 6700)), by=study["bob"], now=now())
    assert max(kept.width, kept.height) == 2000


def test_a_form_of_photos_that_take_too_long_is_answered_in_time(study, session, sign_in, monkeypatch):
    monkeypatch.setattr("schedule.meetings.views.record.PHOTOS_SECONDS", 0)
    files = {"photos": [picture(), picture(), picture()]}
    page = sign_in(study["bob"]).post(f"{session.get_absolute_url()}photos/", files, follow=True).text
    assert (session.photos.count(), "Send the others once more" in page) == (0, True)


def test_photos_are_the_groups_own(study, session, sign_in):
    kept = photos.add(session, picture(), by=study["bob"], now=now())
    address = f"{session.get_absolute_url()}photos/{kept.pk}/"
    answer = sign_in(study["alice"]).get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    assert sign_in(study["mallory"]).get(address).status_code == 404
    with pytest.raises(NotPossible, match="Only who added"):
        photos.remove(kept, by=study["alice"], now=now())
    sign_in(study["bob"]).post(f"{address}remove/")
    assert not Photo.objects.exists()


# ── minutes ──
def test_minutes_written_on_an_old_page_do_not_overwrite_newer_ones(study, session):
    empty = minutes.fingerprint("")
    assert minutes.write(session, "First.", seen=empty) is True
    assert minutes.write(session, "First.", seen=empty) is False
    with pytest.raises(ChangedMeanwhile):
        minutes.write(session, "Second.", seen=empty)
    assert Session.objects.get().notes == "First."


def test_both_texts_are_shown_when_two_people_wrote_at_once(study, session, sign_in):
    alice, bob, address = sign_in(study["alice"]), sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/"
    empty = minutes.fingerprint("")
    bob.post(address, {"text": "Bob was here", "seen": empty})
    answer = alice.post(address, {"text": "Alice writes", "seen": empty})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile." in page and "Bob was here" in page and "Alice writes" in page
    alice.post(address, {"text": "Both", "seen": answer.context["seen"]})
    assert Session.objects.get().notes == "Both"


def test_a_script_saves_minutes_of_a_paper_and_hears_how_it_went(study, session, sign_in):
    turn = Presentation.objects.get()
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/{turn.pk}/"
    empty, asks = minutes.fingerprint(""), {"headers": {"Accept": "application/json"}}
    saved = client.post(address, {"text": "- one\r\n- two", "seen": empty}, **asks)
    assert (saved.status_code, saved.json()["seen"]) == (200, minutes.fingerprint("- one\n- two"))
    clash = client.post(address, {"text": "three", "seen": empty}, **asks)
    assert (clash.status_code, clash.json()["text"]) == (409, "- one\n- two")
    assert "<li>one</li>" in client.get(session.get_absolute_url()).content.decode()


def test_a_script_is_told_the_text_that_is_kept_now(study, session, sign_in):
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/"
    asks = {"headers": {"Accept": "application/json"}}
    answer = client.post(address, {"text": "We met.\r\n\r\n", "seen": minutes.fingerprint("")}, **asks)
    assert (answer.status_code, answer.json()) == (
        200,
        {"words": answer.json()["words"], "text": "We met.", "seen": minutes.fingerprint("We met.")},
    )
    assert answer.json()["words"].startswith("saved at ")
    assert "The minutes are saved." not in client.get(session.get_absolute_url()).text
    client.post(address, {"text": "We met.", "seen": "", "page": "1"}, **asks)
    assert "The minutes are saved." in client.get(session.get_absolute_url()).text


def test_who_writes_after_the_record_was_closed_keeps_the_text_to_copy(study, session, sign_in):
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/"
    minutes.write(session, "Before", seen=minutes.fingerprint(""))
    closing.close(session, by=study["olivia"], now=now())
    late = {"text": "Too late", "seen": minutes.fingerprint("Before")}
    told = client.post(address, late, headers={"Accept": "application/json"})
    words = "The record of this session is closed. An organizer can open it again."
    assert (told.status_code, told.json()) == (422, {"words": words, "text": "Before", "seen": late["seen"]})
    page = client.post(address, late)
    assert (page.status_code, words in page.text, "Before" in page.text, "Too late" in page.text) == (422, *[True] * 3)
    assert "Save mine instead" not in page.text
    assert Session.objects.get().notes == "Before"


def test_minutes_that_are_too_long_are_refused_whole_instead_of_losing_their_end(study, session, sign_in):
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/"
    long = "x" * (minutes.LONGEST + 1)
    page = client.post(address, {"text": long, "seen": minutes.fingerprint("")})
    assert (page.status_code, "at most 20000 characters, these have 20001" in page.text, long in page.text) == (
        422,
        True,
        True,
    )
    assert Session.objects.get().notes == ""
    client.post(address, {"text": long[1:], "seen": minutes.fingerprint("")})
    assert Session.objects.get().notes == long[1:]


def test_a_sign_that_postgresql_refuses_is_left_out_of_minutes(study, session, sign_in):
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}minutes/"
    client.post(address, {"text": "a\0b", "seen": minutes.fingerprint("")})
    assert Session.objects.get().notes == "ab"


def test_markdown_brings_no_html_pictures_or_scripts():
    nasty = "<b>x</b> [a](javascript:alert(1)) ![p](http://spy/p.png) <script>alert(1)</script>\n# Title\n- **one**"
    drawn = markup.html(nasty)
    assert "<b>" not in drawn and "<script" not in drawn and "<img" not in drawn and 'href="javascript' not in drawn
    assert "<h3>Title</h3>" in drawn and "<strong>one</strong>" in drawn
    assert markup.html("[a](https://x.org)") == '<p><a href="https://x.org" rel="noopener noreferrer">a</a></p>\n'


def test_a_table_whose_cells_nobody_wrote_stays_about_as_large_as_its_text():
    table = "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n"
    assert len(markup.html(table + "|\n" * 9000)) < 10 * len(table + "|\n" * 9000)
    assert markup.html(table + "|b|\n" * 3).count("<td>") == 270


# ── closing ──
def test_a_closed_session_is_on_record_and_reopening_leaves_a_trace(study, session, sign_in):
    closing.close(session, by=study["olivia"], now=now())
    session.refresh_from_db()
    assert (session.state, session.closed_at is not None, session.code_key) == ("held", True, "")
    refused = [
        lambda: attendance.mark(session, study["bob"], AttendanceRecord.LATE, by=study["olivia"], now=now()),
        lambda: photos.add(session, picture(), by=study["bob"], now=now()),
        lambda: minutes.write(session, "Late thoughts", seen=minutes.fingerprint("")),
        lambda: minutes.write(Presentation.objects.get(), "Late thoughts", seen=minutes.fingerprint("")),
    ]
    for verb in refused:
        with pytest.raises(NotPossible, match="closed"):
            verb()
    closing.reopen(session, by=study["olivia"], now=now())
    assert minutes.write(session, "Late thoughts", seen=minutes.fingerprint("")) is True
    assert [(change.kind, str(change.by)) for change in closing.trace(session)] == [
        ("reopen", "Olivia"),
        ("close", "Olivia"),
    ]
    page = sign_in(study["bob"]).get(session.get_absolute_url()).text
    assert "The record of a session was opened again · Olivia" in page
    assert [(c.kind, c.by) for c in Change.objects.order_by("pk")] == [
        ("close", study["olivia"]),
        ("reopen", study["olivia"]),
    ]


def test_closing_twice_is_once_and_only_organizers_close_what_has_begun(study, session):
    closing.close(session, by=study["olivia"], now=now())
    assert closing.close(session, by=study["olivia"], now=now()).made is False
    later = make.session(session.term, now() + timedelta(days=14))
    with pytest.raises(NotPossible, match="not begun"):
        closing.close(later, by=study["olivia"], now=now())
    with pytest.raises(NotPossible, match="Only organizers"):
        closing.close(session, by=study["alice"], now=now())


def test_the_page_takes_the_same_queries_for_three_people_and_thirty(
    study, session, sign_in, django_assert_max_num_queries
):
    client = sign_in(study["olivia"])
    client.get(session.get_absolute_url())
    for number in range(30):
        member = make.member(study["group"], f"Person {number}")
        attendance.mark(session, member, AttendanceRecord.PRESENT, by=study["olivia"], now=now())
    with django_assert_max_num_queries(22):
        assert client.get(session.get_absolute_url()).status_code == 200


# ── the minutes by mail ──
def test_minutes_go_to_everybody_when_the_session_is_closed_and_once(study, session, smtp_sink):
    minutes.write(session, "# Today\nWe met.\n\n- **One**", seen=minutes.fingerprint(""))
    minutes.write(Presentation.objects.get(), "- Heat maps", seen=minutes.fingerprint(""))
    session.refresh_from_db()
    Presentation.objects.update(shared_at=now())
    at = now()
    closing.close(session, by=study["olivia"], now=at)
    closing.reopen(session, by=study["olivia"], now=at)
    outbox.deliver_due(at + timedelta(minutes=1))
    assert smtp_sink.messages == []
    closing.close(session, by=study["olivia"], now=at)
    outbox.deliver_due(at + timedelta(minutes=2))
    [notification] = smtp_sink.to(study["bob"].member.email)
    assert len(smtp_sink.messages) == 3
    text = notification.get_body(("plain",)).get_content()
    assert notification["Subject"].endswith(": the minutes")
    assert "Today\nWe met.\nOne\n" in text.replace("\r", "") and "* GIRAFFE – Heat maps" in text
    closing.reopen(session, by=study["olivia"], now=at)
    closing.close(session, by=study["olivia"], now=at)
    outbox.deliver_due(at + timedelta(minutes=3))
    assert len(smtp_sink.messages) == 3


def test_nothing_written_is_nothing_mailed_and_who_wants_none_gets_none(study, session):
    closing.close(session, by=study["olivia"], now=now())
    assert not Notification.objects.exists()
    closing.reopen(session, by=study["olivia"], now=now())
    minutes.write(session, "We met.", seen=minutes.fingerprint(""))
    session.refresh_from_db()
    preferences.mute(study["bob"].member, preferences.MINUTES)
    closing.close(session, by=study["olivia"], now=now())
    assert [str(notification.recipient) for notification in Notification.objects.order_by("pk")] == ["Olivia", "Alice"]


# ── what stands in the fields ──
@pytest.mark.parametrize("who", ["x", "", "9" * 30, "٣", "\0"])
def test_marking_somebody_who_is_nobody_finds_nothing(study, session, sign_in, who):
    answer = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}attendance/", {"member": who, "state": "late"})
    assert (answer.status_code, AttendanceRecord.objects.count()) == (404, 0)


def test_a_code_may_be_typed_in_the_digits_of_another_script(study, session, sign_in):
    attendance.open_code(session, now=now())
    session.refresh_from_db()
    wide = attendance.code(session, now()).translate({ord("0") + n: ord("０") + n for n in range(10)})
    client, address = sign_in(study["bob"]), f"{session.get_absolute_url()}here/"
    assert "You are here" in client.post(address, {"code": wide}, follow=True).text
    assert client.post(address, {"code": "١٢"}).status_code == 422
