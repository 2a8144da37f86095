"""What holds for every form and every address that takes one: sent twice it has one effect, what others changed meanwhile
is neither lost nor overwritten, and a look at the address leads to the page of the form."""

import json
import os
import re
import subprocess
import sys
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils.timezone import now
from lxml import html

from members import form_tokens, preferences
from members.models import Group, Invitation
from members.records import SentForm
from papers.models import Tag
from schedule.models import Absence, Term
from tests import make, prepared
from tests.architecture import templates
from tests.browser.pages import pages, world
from tests.crowd_of_forms import sendings
from tests.forms import hidden

FORM = re.compile(r"<form[^>]*method=\"post\"", re.IGNORECASE)
# forms that begin something new, or stand for one moment: what they are filled with is a proposal
BEGUN = {
    "/groups/new/", "/g/{slug}/invitations/link/", "/g/{slug}/invitations/mail/", "/g/{slug}/schedule/plan/", "/accounts/login/",
}  # fmt: skip


# ── the address of a form ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def everything(db):
    """The world of all pages, and {name: (address, who looks at it)}."""
    made = world()
    return made, pages(made)


def addresses(made):
    """Every address of ours, as it is for the demo group, with things that are there or not."""

    def walk(patterns, route=""):
        for one in patterns:
            here = route + str(one.pattern)
            if here.startswith(("admin", "accounts")):
                continue
            yield from walk(one.url_patterns, here) if hasattr(one, "url_patterns") else [here]

    session = made.group.terms.filter(published_at__isnull=False).first().sessions.first()
    for route in walk(get_resolver().url_patterns):
        filled = route.replace("<slug:slug>", made.group.slug).replace("<int:pk>", str(session.pk))
        yield "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<\w+:\w+>", "x", filled))


def test_a_look_at_any_address_is_answered_with_a_page_and_never_with_a_refusal_of_the_way(everything, client):
    made, _pages = everything
    client.force_login(made.mingyu.member)
    refused = {}
    for address in addresses(made):
        answer = client.get(address, follow=True)
        b"".join(answer)  # a file is closed when it was read
        if answer.status_code == 405:
            refused[address] = answer.redirect_chain
    assert refused == {}


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/g/study/papers/{paper}/tags/", "/g/study/papers/{paper}/"),
        ("/g/study/papers/{paper}/records/9/", "/g/study/papers/{paper}/"),
        ("/g/study/schedule/{session}/minutes/7/", "/g/study/schedule/{session}/"),
        ("/g/study/schedule/{session}/photos/", "/g/study/schedule/{session}/"),
        ("/g/study/schedule/changes/5/undo/", "/g/study/schedule/"),
        ("/g/study/schedule/turns/5/withdraw/", "/g/study/schedule/turns/"),
        ("/g/study/invitations/3/revoke/", "/g/study/members/"),
        ("/g/study/members/3/remove/", "/g/study/members/"),
        ("/me/notifications/", "/me/"),
        ("/theme/", "/g/study/"),
    ],
)
def test_the_address_of_a_form_leads_to_the_page_of_the_form(study, sign_in, address, page):
    made = {"paper": make.paper(study["group"]).pk, "session": make.session(make.term(study["group"])).pk}
    answer = sign_in(study["olivia"]).get(address.format(**made), follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, page.format(**made))


# ── once ─────────────────────────────────────────────────────────────────────────────────────────
def test_every_form_that_is_posted_carries_a_token_of_its_own():
    without = []
    for path, source in templates().items():
        for start in (match.start() for match in FORM.finditer(source)):
            form = source[start : source.index("</form>", start)]
            if "{% form_token %}" not in form and "csrf_token" not in form:
                without.append((path, form[:80]))
    assert without == []
    assert not any("{% csrf_token %}" in source for source in templates().values())


def test_two_forms_of_a_page_have_two_tokens(study, sign_in):
    page = html.fromstring(sign_in(study["olivia"]).get("/g/study/members/").content)
    tokens = page.xpath("//input[@name='form_token']/@value")
    assert len(tokens) == len(set(tokens)) > 3


SENT = {
    "a group": ("/groups/new/", {"name": "NLP", "club": "", "language": "en", "timezone": "UTC", "country": "KR"}, Group),
    "a link": ("/g/study/invitations/link/", {"max_uses": "one", "days": "7", "role": "member"}, Invitation),
    "an invitation": ("/g/study/invitations/mail/", {"addresses": "dora@example.org", "language": "en", "role": "member"}, Invitation),
    "days away": ("/g/study/schedule/turns/away/", {"first_day": "{day}", "last_day": "", "note": "A wedding"}, Absence),
    "a link for many": ("/g/study/invitations/link/", {"max_uses": "many", "days": "30", "role": "organizer"}, Invitation),
}  # fmt: skip


def filled(fields, token):
    day = (now() + timedelta(days=9)).date().isoformat()
    return {name: value.format(day=day) for name, value in fields.items()} | {"form_token": token}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SENT)
def test_a_form_that_is_sent_twice_has_one_effect_and_leads_to_the_same_place(study, sign_in, name):
    address, fields, model = SENT[name]
    olivia, before = sign_in(study["olivia"]), model.objects.count()
    first, second = (olivia.post(address, filled(fields, "one")) for _twice in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert model.objects.count() == before + 1
    assert "This was sent twice. It counts once." in olivia.get(second.headers["Location"]).content.decode()


@pytest.mark.django_db
def test_what_was_refused_may_be_sent_again_with_the_same_token_and_so_may_what_was_changed(study, sign_in):
    olivia, fields = sign_in(study["olivia"]), {"first_day": "soon", "note": "", "form_token": "one"}
    for _twice in range(2):
        answer = olivia.post("/g/study/schedule/turns/away/", fields)
        assert answer.status_code in {200, 422}
    assert (Absence.objects.count(), SentForm.objects.count()) == (0, 0)
    for days in (9, 20):
        olivia.post("/g/study/schedule/turns/away/", fields | {"first_day": (now() + timedelta(days=days)).date()})
    assert Absence.objects.count() == 2


@pytest.mark.django_db
def test_what_is_chosen_to_and_fro_from_one_page_counts_each_time(study, sign_in):
    alice = sign_in(study["alice"])
    for theme in ("dark", "light", "dark"):
        answer = alice.post("/theme/", {"theme": theme, "next": "/me/", "form_token": "one"})
    assert answer.cookies["theme"].value == "dark"
    assert "It counts once" not in alice.get("/me/").content.decode()


@pytest.mark.django_db
def test_what_is_refused_on_the_next_page_may_be_sent_again(study, sign_in):
    term = make.term(study["group"], published=False)
    session = make.session(term)
    make.presentation(session, study["alice"], minutes="Said.")
    olivia, address = sign_in(study["olivia"]), f"/g/study/schedule/terms/{term.pk}/delete/"
    assert olivia.post(address, {"form_token": "one"}).status_code == 302
    session.presentations.update(minutes="")
    olivia.post(address, {"form_token": "one"})
    assert Term.objects.count() == 0


def test_two_files_of_one_name_and_length_are_two(rf):
    def said(content):
        request = rf.post("/")
        request.FILES.appendlist("file", SimpleUploadedFile("photo.jpg", content))
        return form_tokens._said(request)

    assert said(b"one") == said(b"one") != said(b"two")


@pytest.mark.django_db
def test_one_persons_token_is_not_anothers(study, sign_in):
    for name in ("alice", "bob"):
        sign_in(study[name]).post("/g/study/schedule/turns/away/", filled(SENT["days away"][1], "same"))
    assert set(Absence.objects.values_list("membership", flat=True)) == {study["alice"].pk, study["bob"].pk}


@pytest.mark.django_db
def test_a_form_whose_first_sending_was_cut_off_may_be_sent_anew_after_a_while(study, sign_in, monkeypatch):
    monkeypatch.setattr(form_tokens, "PATIENCE", 0.1)
    alice, fields = sign_in(study["alice"]), filled(SENT["days away"][1], "one")
    alice.post("/g/study/schedule/turns/away/", fields)
    Absence.objects.all().delete()
    SentForm.objects.update(led_to="")  # as if a server had died over it
    answer = alice.post(
        "/g/study/schedule/turns/away/",
        fields,
        follow=True,
        headers={"Referer": "http://testserver/g/study/schedule/turns/"},
    )
    assert "nothing has come of it yet" in answer.content.decode()
    assert (answer.request["PATH_INFO"], Absence.objects.count()) == ("/g/study/schedule/turns/", 0)
    SentForm.objects.update(at=now() - 2 * form_tokens.CUT_OFF)
    alice.post("/g/study/schedule/turns/away/", fields)
    assert Absence.objects.count() == 1


@pytest.mark.django_db
def test_what_was_sent_is_forgotten_after_two_days(study, sign_in):
    sign_in(study["alice"]).post("/g/study/schedule/turns/away/", filled(SENT["days away"][1], "one"))
    assert form_tokens.forget_old(now() + timedelta(days=1)) == 0
    assert form_tokens.forget_old(now() + timedelta(days=3)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["a group", "a link", "days away"])
def test_a_form_that_is_sent_ten_times_at_once_has_one_effect(tmp_path, settings, name):
    address, fields, model = SENT[name]
    sent, label = filled(fields, "one"), model._meta.label
    if connection.vendor == "sqlite":  # the database of the tests lives in memory; this needs one that is shared
        prepared.sqlite(tmp_path)
        own = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "studygroup.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.crowd_of_forms", address, json.dumps(sent), label, "10"],
            cwd=settings.BASE_DIR, env=os.environ | own, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    else:
        found = sendings(address, sent, label, 10)
    assert found == {"rows": 1, "places": 1, "led": 10}


# ── what others changed meanwhile ────────────────────────────────────────────────────────────────
def test_every_form_that_edits_says_what_its_page_showed(everything):
    _made, shown = everything
    without = set()
    for address, who in shown.values():
        client = Client()
        if who:
            client.force_login(who)
        page = html.fromstring(client.get(address).content or b"<html/>")
        for form in page.iterfind(".//form[@method='post']"):
            action = re.sub("^/g/[^/]+/", "/g/{slug}/", (form.get("action") or address).partition("?")[0])
            named = {one.get("name") for one in form.iterfind(".//input[@type='hidden']")}
            if action not in BEGUN and _is_filled(form) and not named & {"seen", "shown"}:
                without.add(action)
    assert without == set()


def _is_filled(form) -> bool:
    """Whether somebody else's words, or numbers, stand in it to be changed."""
    typed = form.xpath(
        ".//textarea | .//input[not(@type) or @type='text' or @type='number' or @type='time' or @type='date']"
    )
    return any(
        (field.text if field.tag == "textarea" else field.get("value") or "").strip()
        for field in typed
        if field.text or field.get("value")
    )


@pytest.fixture
def draft(study):
    made = make.term(
        study["group"], "Spring", published=False, first_day=date(2027, 3, 2), time=time(10), count=2, presenters=1
    )
    make.session(made)
    return made


def plan_fields(client, address):
    """The form of a plan as a browser sends it untouched."""
    form = html.fromstring(client.get(address).content).get_element_by_id("plan")
    return {name: value for name, value in form.form_values() if name not in {"form_token", "csrfmiddlewaretoken"}}


EDITS = {
    # page, address, what one types, what the other types, where both type, what is compared
    "settings": ("/g/study/settings/", "/g/study/settings/", "name", "club"),
    "my account": ("/me/", "/me/", "name", "timezone"),
    "a paper": ("/g/study/papers/{paper}/edit/", "/g/study/papers/{paper}/edit/", "title", "venue"),
    "times": ("/g/study/notifications/times/", "/g/study/notifications/times/", "choose_at", "choose_days"),
    "times of a term": ("/g/study/notifications/times/{term}/", "/g/study/notifications/times/{term}/", "choose_at", "session_tomorrow_at"),
    "a draft": ("/g/study/schedule/plan/{draft}/", "/g/study/schedule/plan/{draft}/", "name", "place"),
}  # fmt: skip
TYPED = {
    "name": ("First", "Second"), "club": ("CUAI", "KAIST"), "timezone": ("Asia/Seoul", "Europe/Paris"), "title": ("One", "Two"),
    "venue": ("CVPR", "ICML"), "choose_at": ("10:15", "11:45"), "choose_days": ("3", "4"), "session_tomorrow_at": ("10:15", "11:45"),
    "place": ("Room A", "Room B"),
}  # fmt: skip


class Edit:
    """One of the forms above, as two people have it open at the same time."""

    def __init__(self, client, name, made):
        self.client = client
        page, address, self.one, self.other = EDITS[name]
        self.page, self.address = page.format(**made), address.format(**made)
        self.extra = {"do": "save"} if name == "a draft" else {}
        self.opened = self.now()

    def now(self) -> dict:
        page = html.fromstring(self.client.get(self.page).content)
        form = next(form for form in page.forms if "seen" in form.fields and self.one in form.fields)
        fields = [(name, value) for name, value in form.form_values() if name != "csrfmiddlewaretoken"]
        # a line break at the beginning of a textarea is not part of its text (HTML, 4.10.11)
        return {name: [value.removeprefix("\n") for key, value in fields if key == name] for name, _value in fields}

    def send(self, **typed):
        """From the page as it was opened, not as it is now."""
        return self.client.post(
            self.address, self.opened | typed | self.extra | {"form_token": str(sorted(typed.items()))}
        )


@pytest.fixture
def edit(study, sign_in, draft):
    made = {"paper": make.paper(study["group"], "GIRAFFE").pk, "term": make.term(study["group"]).pk, "draft": draft.pk}
    return lambda name: Edit(sign_in(study["olivia"]), name, made)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDITS)
def test_two_who_change_different_fields_lose_nothing(edit, name):
    one, other = edit(name), edit(name)
    first, second = TYPED[one.one][0], TYPED[one.other][1]
    assert one.send(**{one.one: first}).status_code in {302, 303}
    assert other.send(**{one.other: second}).status_code in {302, 303}
    there = one.now()
    assert (there[one.one], there[one.other]) == ([first], [second])


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDITS)
def test_who_changes_what_another_changed_meanwhile_is_shown_both_and_decides(edit, name):
    one, other = edit(name), edit(name)
    first, second = TYPED[one.one]
    one.send(**{one.one: first})
    refused = other.send(**{one.one: second, one.other: TYPED[one.other][1]})
    page = html.fromstring(refused.content)
    assert refused.status_code == 409
    assert one.now()[one.one] == [first]
    form = next(form for form in page.forms if "seen" in form.fields and one.one in form.fields)
    assert (form.fields[one.one].strip(), form.fields[one.other]) == (second, TYPED[one.other][1])
    assert first in form.text_content()
    other.opened = {
        name: [value.removeprefix("\n")] for name, value in form.form_values() if name != "csrfmiddlewaretoken"
    }
    assert other.send().status_code in {302, 303}
    there = one.now()
    assert (there[one.one], there[one.other]) == ([second], [TYPED[one.other][1]])


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDITS)
def test_who_changes_nothing_takes_nothing_back(edit, name):
    one, other = edit(name), edit(name)
    one.send(**{one.one: TYPED[one.one][0]})
    assert other.send().status_code in {302, 303}
    assert one.now()[one.one] == [TYPED[one.one][0]]


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "x", "[]", "{}", "9" * 5000, "[" * 100_000, None])
def test_a_form_that_does_not_say_what_its_page_showed_overwrites_nothing(edit, seen):
    one = edit("settings")
    before = one.now()
    one.opened = {name: value for name, value in one.opened.items() if name != "seen"} | (
        {"seen": seen} if seen is not None else {}
    )
    assert one.send(name="Mine").status_code == 409
    assert one.now() | {"seen": "", "form_token": ""} == before | {"seen": "", "form_token": ""}


@pytest.mark.django_db
def test_what_did_not_come_is_left_as_it_is(edit):
    one = edit("settings")
    one.send(club="CUAI")
    again = edit("settings")
    again.opened = {name: value for name, value in again.now().items() if name != "club"}
    assert again.send(name="Renamed").status_code == 302
    assert (one.now()["name"], one.now()["club"]) == (["Renamed"], ["CUAI"])


@pytest.mark.django_db
def test_boxes_that_are_unticked_in_two_tabs_are_both_unticked(study, sign_in):
    alice = sign_in(study["alice"])
    seen, every = hidden(alice, "/me/", "/me/notifications/"), list(preferences.TOPICS)
    for gone in ("papers", "swaps"):
        sent = alice.post("/me/notifications/", seen | {"topics": [topic for topic in every if topic != gone]})
        assert sent.status_code == 302
    assert set(preferences.wanted(study["alice"].member)) == set(every) - {"papers", "swaps"}


@pytest.mark.django_db
def test_an_answer_about_one_field_that_another_gave_meanwhile_keeps_what_was_typed(study, sign_in):
    paper = make.paper(study["group"], "Girafe", sources={"title": "page"}, confidences={"title": 0.4})
    page, address = f"/g/study/papers/{paper.pk}/", f"/g/study/papers/{paper.pk}/edit/?only=title"
    alice, bob = sign_in(study["alice"]), sign_in(study["bob"])
    seen = hidden(bob, page, address)
    alice.post(address, hidden(alice, page, address) | {"title": "From Alice"})
    refused = bob.post(address, seen | {"title": "From Bob"})
    text = refused.content.decode()
    assert (refused.status_code, "From Bob" in text, "to “From Alice”" in text) == (409, True, True)


@pytest.mark.django_db
def test_a_draft_that_was_published_meanwhile_says_so_and_keeps_what_was_typed(study, sign_in, draft):
    olivia, address = sign_in(study["olivia"]), f"/g/study/schedule/plan/{draft.pk}/"
    typed = plan_fields(olivia, address) | {"place": "By the lake", "do": "save"}
    Term.objects.filter(pk=draft.pk).update(published_at=now())
    refused = olivia.post(address, typed)
    assert refused.status_code == 422
    assert "was published meanwhile" in refused.content.decode() and "By the lake" in refused.content.decode()
    assert Term.objects.get(pk=draft.pk).place != "By the lake"


@pytest.mark.django_db
def test_a_paper_that_was_shared_meanwhile_is_neither_replaced_nor_withdrawn_unseen(study, sign_in):
    turn = make.presentation(make.session(make.term(study["group"])), study["alice"])
    papers = [make.paper(study["group"], name) for name in ("One", "Two")]
    page, alice, olivia = f"/g/study/schedule/turns/{turn.pk}/share/", sign_in(study["alice"]), sign_in(study["olivia"])
    seen = hidden(olivia, page)
    assert seen == {"seen": ""}
    alice.post(page, hidden(alice, page) | {"paper": papers[0].pk})
    refused = olivia.post(page, seen | {"paper": papers[1].pk})
    assert (refused.status_code, "it is One now" in refused.content.decode()) == (422, True)
    withdrawn = olivia.post(page.replace("share", "withdraw"), {"seen": papers[1].pk}, follow=True)
    assert "it is One now" in withdrawn.content.decode()
    turn.refresh_from_db()
    assert turn.paper == papers[0]


@pytest.mark.django_db
def test_tags_that_two_people_change_at_the_same_time_are_all_there(study, sign_in):
    paper = make.paper(study["group"], "GIRAFFE")
    page, address = f"/g/study/papers/{paper.pk}/", f"/g/study/papers/{paper.pk}/tags/"
    alice, bob = sign_in(study["alice"]), sign_in(study["bob"])
    alice.post(address, hidden(alice, page, address) | {"tags": "3D, NeRF"})
    opened = hidden(alice, page, address), hidden(bob, page, address)
    alice.post(address, opened[0] | {"tags": "3D, NeRF, GAN"})  # one more
    bob.post(address, opened[1] | {"tags": "nerf, Survey"})  # without 3D, and one more
    assert set(Tag.objects.filter(papers=paper).values_list("name", flat=True)) == {"NeRF", "GAN", "Survey"}


@pytest.mark.django_db
def test_days_off_that_are_refused_stay_typed_and_those_of_another_are_seen(study, sign_in):
    term = make.term(study["group"])
    make.session(term)
    page, address, olivia = term.get_absolute_url(), f"{term.get_absolute_url()}days-off/", sign_in(study["olivia"])
    opened = hidden(olivia, page, address)
    refused = olivia.post(address, opened | {"days_off": "sometime in spring"})
    assert refused.status_code == 422 and "sometime in spring" in refused.content.decode()
    olivia.post(address, opened | {"days_off": "2027-04-20 Exams"})
    clash = olivia.post(address, opened | {"days_off": "2027-05-05 Holiday"})
    assert clash.status_code == 409
    assert "2027-05-05 Holiday" in clash.content.decode() and "2027-04-20 Exams" in clash.content.decode()
    term.refresh_from_db()
    assert len(term.days_off) == 1
