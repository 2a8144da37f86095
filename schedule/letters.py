"""A letter as a mail: in its reader's language, on its reader's clock, with the first pages of the papers inside."""

import re
from base64 import b64encode
from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone, translation

from members import mail
from members.clocks import zone_of
from members.models import Group
from schedule.covers import HEIGHT, WIDTH, cover_bytes
from schedule.letter_facts import Facts
from schedule.letter_words import ABSTRACTS, COVERS, TITLES, WORDS, Words
from schedule.models import Letter

SUBJECT_LENGTH = 200


def compose(letter: Letter, now: datetime) -> EmailMultiAlternatives:
    """The mail as of `now`. Sent again it has the same Message-ID and Date, so that a second copy is known as one."""
    with translation.override(letter.recipient.member.language), timezone.override(zone_of(letter.recipient.member)):
        words = _words(letter, now)
        covers = _covers(letter) if words.papers in {ABSTRACTS, COVERS} else {}
        context = _context(letter, words, covers)
        message = mail.compose(
            to=letter.recipient.member.email,
            subject=_subject(letter, words),
            text=render_to_string("mail/letter.txt", context),
            html=render_to_string("mail/letter.html", context),
            message_id=letter.message_id,
            headers={"Date": format_datetime(letter.created_at), "Auto-Submitted": "auto-generated"},
        )
    message.from_email = _from(letter.session.term.group)
    message.mixed_subtype = "related"
    for cover_id, data in covers.values():
        message.attach(_inline(cover_id, data))
    return message


def subject_of(letter: Letter, now: datetime) -> str:
    """The subject for a list, in the language that is active there, without the group's name."""
    return mail.one_line(_words(letter, now).subject)[:SUBJECT_LENGTH]


def as_page(message: EmailMultiAlternatives) -> str:
    """The HTML part as a browser can show it by itself: covers inside, links open beside it."""
    html = next(part.content for part in message.alternatives if part.mimetype == "text/html")
    for image in message.attachments:
        name = image["Content-ID"].strip("<>")
        html = html.replace(
            f"cid:{name}", f"data:image/jpeg;base64,{b64encode(image.get_payload(decode=True)).decode()}"
        )
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _words(letter, now) -> Words:
    return WORDS[letter.kind](Facts(letter, now))


def _subject(letter, words):
    return mail.one_line(f"[{mail.one_line(letter.session.term.group)}] {words.subject}")[:SUBJECT_LENGTH]


def _context(letter, words, covers):
    turns = [{"turn": turn, "cover": covers.get(turn.pk, ("",))[0]} for turn in letter.session.presentations.all()]
    if words.papers == TITLES:
        turns = [one for one in turns if one["turn"].presenter_id != letter.about_id]
    return {
        "words": words,
        "turns": turns if words.papers else [],
        "group": letter.session.term.group,
        "language": letter.recipient.member.language,
        "site": settings.SITE_URL,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _covers(letter):
    """{turn: (content id, JPEG)} of the papers whose first page there is."""
    turns = [turn for turn in letter.session.presentations.all() if turn.paper_id]
    prefetch_related_objects(turns, "paper__files")
    pages = {turn.pk: turn.paper.cover_file for turn in turns}
    return {
        pk: (f"page-{file.pk}@{_host()}", data) for pk, file in pages.items() if file and (data := cover_bytes(file))
    }


def _host():
    return re.sub(r"[^\w.-]", "", settings.SITE_URL.partition("://")[2]) or "localhost"


def _inline(cover_id, data):
    image = MIMEImage(data, "jpeg")
    image["Content-ID"] = f"<{cover_id}>"
    image["Content-Disposition"] = "inline"
    return image


def _from(group: Group) -> str:
    """The group's name before the server's address, so that a full mailbox still says who writes."""
    name = mail.one_line(group).translate({ord(c): None for c in '"\\<>'})
    return f'"{name}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'
