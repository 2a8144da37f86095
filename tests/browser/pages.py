"""Every page of the product, once, with something on it: what the gallery shows and what is tested for being in reach."""

from datetime import time, timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.models import EmailConfirmationHMAC
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils.timezone import now
from PIL import Image, ImageDraw

from members import address_changes, invitation_stops, invitations, join_by_mail, preferences
from members.models import Member, Membership
from papers import library
from papers.citations import bib_import
from papers.models import Paper
from schedule import demo
from schedule.models import AttendanceRecord, Bundle, Notification, Photo, Presentation, Session, Term
from schedule.notifications import reminders, swap_links
from schedule.planning import term_plan
from schedule.planning.swaps import offers
from schedule.transfer import bundles
from tests import make

NO_INVITATION = "/join/no-such-token/"
# pages that say no, and with which status; the last are there with tests.browser.refusing in place of studygroup.urls
REFUSED = {
    NO_INVITATION: 404,
    **{f"/no/{status}/": status for status in (400, 403, 404, 413, 429, 500, 503)},
}
BIB = b"@article{he2016, title={Deep Residual Learning}, author={He, Kaiming}, year={2016}}\n@article{broken,"
# addresses that are asked by scripts, programs and forms, or that hand out files: nothing to look at
NOT_PAGES = {
    "members:look_around", "members:language", "members:theme", "members:choose_notifications", "members:stop_letters", "members:address_again",
    "members:change", "members:invitations", "members:make_link", "members:send_mails", "members:revoke", "members:send_again", "members:sign_up",
    "members:confirm_code",
    "papers:upload", "papers:paste", "papers:chosen", "papers:export", "papers:tags", "papers:wish", "papers:same",
    "papers:version", "papers:again", "papers:row", "papers:records", "papers:record", "papers:to_trash", "papers:restore", "papers:empty_trash",
    "papers:cite", "papers:cover", "papers:file", "papers:arrive",
    "schedule:calendar_feed", "schedule:renew_calendar", "schedule:ask_group_bundle", "schedule:bundle_file",
    "schedule:notification_html", "schedule:try_again", "schedule:send_now", "schedule:planned_html", "schedule:away",
    "schedule:back", "schedule:withdraw", "schedule:undo", "schedule:interest", "schedule:publish", "schedule:days_off",
    "schedule:keep_clock",
    "schedule:tap", "schedule:delete_draft", "schedule:register_csv", "schedule:ask_bundle", "schedule:swap_mine",
    "schedule:move", "schedule:cancel", "schedule:restore", "schedule:place", "schedule:presenters", "schedule:minutes",
    "schedule:turn_minutes", "schedule:attend", "schedule:code_open", "schedule:code_close", "schedule:photo_add",
    "schedule:photo", "schedule:photo_remove", "schedule:our_slides", "schedule:term_deck", "schedule:close", "schedule:reopen", "schedule:session_ics", "schedule:deck",
}  # fmt: skip


def world() -> SimpleNamespace:
    """The demo group after a meeting, with a second term in draft, notifications in every state, a swap and an invitation open."""
    at = now()
    group = demo.fill(at)
    mingyu, jiwook, hayun = people = list(group.memberships.in_order())
    first, second, third = group.terms.get().sessions.order_by("number")[:3]
    _was_held(first, people)
    Session.objects.filter(pk=second.pk).update(
        code_key="0123456789abcdef" * 2
    )  # the first ended long ago, and its code
    draft = make.term(group, "다음 학기", published=False)
    make.session(draft, at + timedelta(days=200))
    mine = Presentation.objects.select_related("session__term__group", "presenter__member").get(
        session=third, presenter=hayun
    )
    swap = offers.ask(mine, by=hayun, now=at, message="그날 결혼식이 있어요.")
    reminders.queue_due(at)
    failed = make.notification(
        first, jiwook, Notification.TOMORROW, due_at=at, state=Notification.FAILED, reason="550 5.1.1 No such user"
    )
    make.notification(
        first, hayun, Notification.TOMORROW, due_at=at, state=Notification.SENT, settled_at=at, subject="내일 만나요"
    )
    trashed = make.paper(group, "두 번 올린 논문", by=hayun)
    library.trash(trashed, by=hayun)
    odd = make.paper(group, "", by=jiwook, state=Paper.UNREADABLE, reason="password")
    make.paper_file(odd, name="locked.pdf")
    bundle = bundles.ask(Bundle.TERM, group=group, by=mingyu, language="ko", term=first.term)
    bundles.make(bundle.pk)
    busy = bundles.ask(Bundle.TERM, group=group, by=mingyu, language="en", term=first.term)
    return SimpleNamespace(
        group=group, mingyu=mingyu, hayun=hayun, first=first, second=second, third=third, draft=draft, swap=swap, turn=mine,
        confirms=EmailConfirmationHMAC(mingyu.member.emailaddress_set.create(email="new@example.org")).key,
        failed=failed, odd=odd, bundle=bundle, busy=busy, paper=group.papers.kept().filter(state=Paper.READY).order_by("pk").first(),
        listed=bib_import.keep(ContentFile(BIB), "group.bib", by=mingyu), invited=invitations.invite(group, by=mingyu, at=at),
        stranger=make.person("Newcomer", email="newcomer@example.org", language="ko"), by_code=_without_password("By Code"),
        readdressed=make.address_change(hayun.member),
        owner=_who_is_asked(),
        alone=make.organizer(make.group("Nothing Yet"), "Alice"), crowded=_crowd(at),
    )  # fmt: skip


def _without_password(name) -> Member:
    person = make.person(name)
    person.set_unusable_password()
    person.save()
    return person


def _who_is_asked():
    """The owner of an address with which others had joined two groups."""
    owner = make.person("Owner", language="ko", must_review_groups=True)
    for name in ("Another Reading Group", "NLP Reading"):
        make.member(make.group(name), member=owner)
    return owner


def _crowd(at) -> Session:
    """Forty people, some with names that run on, and papers with titles that do."""
    group = make.group(
        "Reading Group for Reinforcement Learning and Everything Near It", club="서울과학기술대학교 인공지능학회"
    )
    by = make.organizer(group, "Bartholomew Alexander Featherstonehaugh-Cholmondeley")
    for nth in range(39):
        make.member(group, f"{['김민규', 'Charlie', 'Nguyễn Thị Minh Khai'][nth % 3]} {nth + 2}")
    long = "A Very Long Title about Self-Supervised Pretraining of Hyperparameter-Insensitive Transformers, " * 3
    papers = [
        make.paper(group, long, by=by, authors=[f"Author {n}" for n in range(300)]),
        make.paper(group, "가" * 200, by=by),
    ]
    first = (at + timedelta(days=3)).date()
    term = Term(group=group, name="2026", first_day=first, time=time(19), timezone="Asia/Seoul", count=16, presenters=3)
    term_plan.plan_term(term, by=by, now=at)
    term_plan.publish(term, by=by, now=at, quietly=True)
    session = term.sessions.order_by("number").first()
    for turn, paper in zip(session.presentations.all(), papers, strict=False):
        Presentation.objects.filter(pk=turn.pk).update(paper=paper, shared_at=at)
    return session


def _was_held(session: Session, people: list[Membership]) -> None:
    """Somebody was late, somebody was marked twice; there is a photo, and minutes."""
    for who, state in zip((*people, people[1]), ("present", "absent", "excused", "late"), strict=True):
        AttendanceRecord.objects.create(
            session=session, membership=who, state=state, by=people[0], at=session.starts_at
        )
    picture, out = Image.new("RGB", (1600, 1200), "#7f9aa0"), BytesIO()
    ImageDraw.Draw(picture).ellipse((500, 300, 1100, 900), fill="#e8c39e")
    picture.save(out, "JPEG")
    photo = Photo(session=session, width=1600, height=1200, taken_at=session.starts_at, added_by=people[0])
    photo.file.save("photo.jpg", ContentFile(out.getvalue()))
    paper = session.term.group.papers.first()
    make.presentation(
        session, people[2], paper=paper, shared_at=session.starts_at, minutes="- 히트맵\n- 할 일: 해 보기"
    )


def pages(w: SimpleNamespace) -> dict[str, tuple[str, object]]:
    """{name: (address, who looks)}; None is somebody who is not signed in."""
    g, o, m = w.group.slug, w.mingyu.member, w.hayun.member

    def at(name, *args):
        return reverse(name, args=args)

    todo = next(one for one in reminders.upcoming(w.group, now=now(), until=now() + timedelta(days=60)))
    about = todo.about.pk if todo.about else 0
    planned = at("schedule:planned", g, todo.session.pk, todo.kind, about, todo.dedupe_key, todo.recipients[0].pk)
    return {
        "account_login": (at("account_login"), None),
        "account_request_login_code": (at("account_request_login_code"), None),
        "account_reset_password": (at("account_reset_password"), None),
        "account_reset_password_done": (at("account_reset_password_done"), None),
        "account_signup": (at("account_signup"), None),
        "account_inactive": (at("account_inactive"), None),
        "account_confirm_email": (at("account_confirm_email", w.confirms), None),
        "account_confirm_email too late": (at("account_confirm_email", "too-late"), None),
        "account_reset_password_from_key too late": (at("account_reset_password_from_key", "1", "too-late"), None),
        "account_logout": (at("account_logout"), m),
        "account_change_password": (at("account_change_password"), m),
        "account_email": (at("account_email"), m),
        "mfa_index": (at("mfa_index"), m),
        "members:join": (at("members:join", w.invited.token), None),
        "members:join closed": (NO_INVITATION, None),
        "members:join_as": (
            at("members:join_as", w.invited.token, join_by_mail.proof_of(w.invited, "new@example.org")),
            None,
        ),
        "members:join_mailed": (at("members:join_mailed", w.invited.token), None),
        "members:review_groups": (at("members:review_groups"), w.owner),
        "members:start": (at("members:start"), w.stranger),
        "members:new_group": (at("members:new_group"), w.stranger),
        "members:me": (at("members:me"), m),
        "members:my_activity": (at("members:my_activity"), m),
        "members:prove_by_code": (at("members:prove_by_code"), w.by_code),
        "members:undo_address": (urlsplit(address_changes.undo_address(w.readdressed)).path, None),
        "members:group_activity": (at("members:group_activity", g), o),
        "account_reauthenticate": (at("account_reauthenticate"), w.stranger),
        "members:stop_notifications": (urlsplit(preferences.stop_address(m, preferences.PAPERS)).path, None),
        "members:stop_invitations": (urlsplit(invitation_stops.stop_address("dora@example.org")).path, None),
        "members:group_settings": (at("members:group_settings", g), o),
        "members:members": (at("members:members", g), o),
        "members:members as a member": (at("members:members", g), m),
        "papers:library": (at("papers:library", g), m),
        "papers:library found": (at("papers:library", g) + "?q=GIRAFFE", m),
        "papers:library nothing": (at("papers:library", g) + "?q=zzzz", m),
        "papers:library list": (at("papers:library", g) + "?view=list", m),
        "papers:share": (at("papers:share") + "?what=arXiv:2011.12100", m),
        "papers:share nothing": (at("papers:share"), m),
        "papers:trash": (at("papers:trash", g), m),
        "papers:choose": (at("papers:choose", g), m),
        "papers:bib": (at("papers:bib", g), o),
        "papers:bib_look": (at("papers:bib_look", g, w.listed.pk), o),
        "papers:paper": (at("papers:paper", g, w.paper.pk), m),
        "papers:paper unreadable": (at("papers:paper", g, w.odd.pk), m),
        "papers:edit": (at("papers:edit", g, w.paper.pk), m),
        "schedule:swap_answer": (urlsplit(swap_links.address(w.swap, w.mingyu)).path, None),
        "schedule:calendars": (at("schedule:calendars", g), m),
        "schedule:bundle": (at("schedule:bundle", g, w.bundle.pk), o),
        "schedule:bundle being made": (at("schedule:bundle", g, w.busy.pk), o),
        "schedule:notifications": (at("schedule:notifications", g), o),
        "schedule:notification": (at("schedule:notification", g, w.failed.pk), o),
        "schedule:planned": (planned, o),
        "schedule:times": (at("schedule:times", g), o),
        "schedule:term_times": (at("schedule:term_times", g, w.first.term_id), o),
        "schedule:home": (at("schedule:home", g), m),
        "schedule:home as organizer": (at("schedule:home", g), o),
        "schedule:search": (at("schedule:search", g), m),
        "schedule:search found": (at("schedule:search", g) + "?q=grad", o),
        "schedule:search nothing": (at("schedule:search", g) + "?q=zzzz", m),
        "schedule:schedule": (at("schedule:schedule", g), m),
        "schedule:plan": (at("schedule:plan", g), o),
        "schedule:plan_draft": (at("schedule:plan_draft", g, w.draft.pk), o),
        "schedule:turns": (at("schedule:turns", g), m),
        "schedule:share": (at("schedule:share", g, w.turn.pk), m),
        "schedule:swap_turn": (at("schedule:swap_turn", g, w.turn.pk), m),
        "schedule:swap": (at("schedule:swap", g, w.swap.pk), o),
        "schedule:wishes": (at("schedule:wishes", g), m),
        "schedule:term": (at("schedule:term", g, w.first.term_id), o),
        "schedule:term draft": (at("schedule:term", g, w.draft.pk), o),
        "schedule:replan": (at("schedule:replan", g, w.first.term_id), o),
        "schedule:register": (at("schedule:register", g, w.first.term_id), m),
        "schedule:session": (at("schedule:session", g, w.second.pk), m),
        "schedule:session as organizer": (at("schedule:session", g, w.second.pk), o),
        "schedule:session held": (at("schedule:session", g, w.first.pk), o),
        "schedule:here": (at("schedule:here", g, w.second.pk), m),
        "schedule:code": (at("schedule:code", g, w.second.pk), o),
        "schedule:report": (at("schedule:report", g, w.first.pk), m),
        "schedule:term_report": (at("schedule:term_report", g, w.first.term_id), m),
        "schedule:own_slides": (at("schedule:own_slides", g), o),
        "schedule:figures": (at("schedule:figures", g, w.first.term_id), m),
        "schedule:sheet": (at("schedule:sheet", g, w.first.pk), m),
        **_nothing_yet(w.alone),
        **_everything_at_once(w.crowded, w.crowded.term.created_by),
        **{f"said no {status}": (address, m) for address, status in REFUSED.items() if address.startswith("/no/")},
    }


def _nothing_yet(alone) -> dict[str, tuple[str, object]]:
    names = (
        "schedule:home",
        "schedule:schedule",
        "schedule:plan",
        "schedule:notifications",
        "schedule:turns",
        "papers:library",
    )
    return {f"{name} of a new group": (reverse(name, args=[alone.group.slug]), alone.member) for name in names}


def _everything_at_once(session, by) -> dict[str, tuple[str, object]]:
    names = ("schedule:home", "schedule:schedule", "schedule:notifications", "papers:library", "members:members")
    pages = {f"{name} of a crowd": (reverse(name, args=[by.group.slug]), by.member) for name in names}
    more = {"schedule:session": session.pk, "schedule:register": session.term_id, "schedule:figures": session.term_id}
    return pages | {
        f"{name} of a crowd": (reverse(name, args=[by.group.slug, pk]), by.member) for name, pk in more.items()
    }


def unlisted(listed) -> set[str]:
    """Addresses of ours that are neither a listed page nor known as none."""
    names = {name.partition(" ")[0] for name in listed}
    ours = {
        f"{space.namespace}:{one.name}"
        for space in get_resolver().url_patterns
        if getattr(space, "namespace", None) in {"members", "papers", "schedule"} or not isinstance(space, URLPattern)
        for one in _leaves(space)
        if space.namespace in {"members", "papers", "schedule"}
    }
    return ours - names - NOT_PAGES


def _leaves(resolver):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _leaves(one)
