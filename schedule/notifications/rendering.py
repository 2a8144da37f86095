"""A notification as a mail: in its reader's language, on its reader's clock, with the first pages of the papers inside."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator, wrap

from members import mail, preferences
from members.models import Group
from members.templatetags.formatting import people
from members.time_zones import zone_of
from schedule.models import Notification, Presentation
from schedule.notifications import calendar_invitations, swap_wording, wording
from schedule.notifications.context import NotificationContext
from schedule.notifications.covers import HEIGHT, WIDTH, inline_image
from schedule.notifications.timeline import TOPIC_OF
from schedule.notifications.wording import ABSTRACTS, COVERS, TITLES, Wording

WORDS = wording.WORDS | swap_wording.WORDS
SUBJECT_LENGTH = 200


def compose(notification: Notification, now: datetime) -> EmailMultiAlternatives:
    """The mail as of `now`. Sent again it has the same Message-ID and Date, so that a second copy is known as one."""
    with (
        translation.override(notification.recipient.member.language),
        timezone.override(zone_of(notification.recipient.member)),
    ):
        words = _words(notification, now)
        turns = _shown(notification, words, now)
        covers = _covers(turns) if words.papers in {ABSTRACTS, COVERS} else {}
        context = _context(notification, words, turns, covers)
        message = mail.compose(
            to=notification.recipient.member.email,
            subject=_subject(notification, words),
            text=mail.plain("mail/notification.txt", context),
            html=mail.page("mail/notification.html", context),
            message_id=notification.message_id,
            headers=_headers(notification, context["stop"]),
        )
        if part := calendar_invitations.invitation(notification, now):
            message.attach_alternative(*part)
    message.from_email = _from(notification.session.term.group)
    message.mixed_subtype = "related"
    for image in covers.values():
        message.attach(image)
    return message


def _headers(notification: Notification, stop):
    """Notifications of one turn to one reader are a thread: each answers the first, which answers none."""
    headers = {"Date": format_datetime(notification.created_at), "Auto-Submitted": "auto-generated"}
    if stop:
        headers |= mail.one_click(stop)
    if notification.thread and notification.thread != notification.message_id:
        headers |= {"In-Reply-To": notification.thread, "References": notification.thread}
    return headers


def _stop(notification: Notification):
    """Where its reader says that notifications like this one shall not come; "" for those that always come."""
    return preferences.stop_address(notification.recipient.member, TOPIC_OF.get(notification.kind, ""))


def subject_of(notification: Notification, now: datetime) -> str:
    """The subject for a list, in the language that is active there, without the group's name."""
    return mail.one_line(_words(notification, now).subject)[:SUBJECT_LENGTH]


def as_page(message: EmailMultiAlternatives) -> str:
    """The HTML part as a browser can show it by itself: covers inside, links open beside it."""
    html = next(str(content) for content, mimetype in message.alternatives if mimetype == "text/html")
    for image in message.attachments:
        name = image["Content-ID"].strip("<>")
        html = html.replace(
            f"cid:{name}", f"data:image/jpeg;base64,{b64encode(image.get_payload(decode=True)).decode()}"
        )
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _words(notification: Notification, now: datetime) -> Wording:
    return WORDS[notification.kind](NotificationContext(notification, now))


def _subject(notification: Notification, words):
    return mail.one_line(f"[{mail.one_line(notification.session.term.group)}] {words.subject}")[:SUBJECT_LENGTH]


def _shown(notification: Notification, words, now: datetime) -> list:
    """The turns whose papers it shows."""
    turns = notification.session.given(now) if words.papers else []
    if notification.kind == Notification.LATE:
        return [turn for turn in turns if turn.presenter_id == notification.about_id]
    if words.papers == TITLES:
        return [turn for turn in turns if turn.presenter_id != notification.about_id]
    return turns


def _context(notification: Notification, words, turns: Sequence[Presentation], covers):
    """All that the templates say, as plain values."""
    return {
        "group": str(notification.session.term.group),
        "language": notification.recipient.member.language,
        "subject": words.subject,
        "heading": words.heading,
        "body": words.body,
        "lines": words.lines,
        "button": words.button,
        "link": words.link,
        "other": words.other if words.other_link else "",
        "other_link": words.other_link,
        "papers": [_paper(turn, words, covers, notification.session.term.group) for turn in turns],
        "papers_title": words.papers_title,
        "titles_only": words.papers == TITLES,
        "why": words.why,
        "stop": _stop(notification),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _paper(turn: Presentation, words, covers, group: Group):
    paper = turn.shared_paper
    if paper is None:
        return {"presenter": str(turn.presenter)}
    abstract, wrapped = _abstract(paper.abstract) if words.papers == ABSTRACTS else ("", "")
    return {
        "presenter": str(turn.presenter),
        "title": str(paper),
        "language": paper.language,
        "authors": " · ".join(map(str, filter(None, [people(paper.authors, 6), paper.year]))),
        "link": mail.absolute(reverse("papers:paper", args=[group.slug, paper.pk])),
        "abstract": abstract,
        "wrapped_abstract": wrapped,
        "cover": covers[turn.pk]["Content-ID"].strip("<>") if turn.pk in covers else "",
    }


@lru_cache(maxsize=64)
def _abstract(text: str):
    """Its first 180 words, and the same in lines."""
    cut = Truncator(text).words(180)
    return cut, wrap(cut, 76)


def _covers(turns: Sequence[Presentation]):
    """{turn: its paper's first page} where there is one."""
    turns = [turn for turn in turns if turn.is_shared]
    prefetch_related_objects(turns, "paper__files")
    pages = {turn.pk: paper.cover_file for turn in turns if (paper := turn.paper)}
    images = {pk: file and inline_image(file) for pk, file in pages.items()}
    return {pk: image for pk, image in images.items() if image}


def _from(group: Group) -> str:
    """The group's name before the server's address, so that a full mailbox still says who writes."""
    name = mail.one_line(group).translate({ord(c): None for c in '"\\<>'})
    return f'"{name}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'
