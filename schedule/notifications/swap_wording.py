"""What notifications about swaps say, each to its reader's side: who offers, who takes, who arranged it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from members.mail import absolute
from schedule.models import Notification, Session
from schedule.notifications.context import NotificationContext, Wording
from schedule.notifications.swap_links import address


def asked(r: NotificationContext) -> Wording:
    """To the one who is asked, or to everybody who is free that day."""
    swap = r.swap
    if swap.wanted:
        subject, heading = _("%(giver)s asks: %(old)s in exchange for your %(new)s?"), _("%(giver)s asks for a swap")
        body = [_("You would present on %(when)s, and %(giver)s on %(new)s in your place.")]
    elif swap.taker_id:
        subject, heading = _("%(old)s: can you present instead of %(giver)s?"), _("%(giver)s asks you to take a turn")
        body = [_("You would present on %(when)s. Nothing is asked in return.")]
    else:
        subject, heading = _("%(old)s: who can present instead of %(giver)s?"), _("%(giver)s asks who can take a turn")
        body = [_("It is the turn on %(when)s. The first who says yes has it.")]
    if swap.by_id != swap.giver_id:
        body.append(_("%(by)s asks this for %(giver)s."))
    if swap.message:
        body.append("“%(message)s”")
    late = swap.session.share_day < r.today
    body.append(
        _("The day to share papers for it was %(share)s.")
        if late
        else _("Papers for that day are shared by %(share)s.")
    )
    to_all = _("You get this because you take turns in this group and are free on that day.")
    return _page(
        r,
        subject,
        heading,
        body,
        _("Answer"),
        why=_("You get this because the question is to you.") if swap.taker_id else to_all,
    )


def accepted(r: NotificationContext) -> Wording:
    """To the giver; where an organizer arranged it, to both."""
    swap, reader = r.swap, r.notification.recipient_id
    if reader not in {swap.giver_id, swap.taker_id}:
        return _arranged(r)
    here, there = swap.session, swap.wanted
    if reader == swap.giver_id:
        if swap.wanted is None:
            return _given(r)
        here, there = swap.wanted, swap.session
    values = _sides(r, here, there)
    subject = _("%(date)s, %(name)s: you present, your turns are swapped")
    heading = _("%(name)s, you now present on %(date)s instead of %(other_date)s")
    if there is None:
        subject, heading = _("%(date)s, %(name)s: you present"), _("%(name)s, you now present on %(date)s")
    body = [
        _("We meet on %(when)s."),
        _("%(other)s had this turn and presents on %(other_date)s now.") if there else _("%(other)s had this turn."),
    ]
    body += _hand_of(swap) + [_what_next(r, here)]
    return _page(r, subject, heading, body, _("See the swap"), values)


def _given(r):
    body = [
        _("You no longer present on %(when)s."),
        _("The turn counts for %(taker)s. One of yours is still to come: the next plan takes that into account."),
    ]
    heading = _("%(taker)s takes your turn on %(old)s")
    return _page(
        r,
        _("%(old)s: %(taker)s presents instead of you"),
        heading,
        body + _hand_of(r.swap),
        _("See the swap"),
    )


def _arranged(r):
    swap = r.swap
    heading = (
        _("%(taker)s presents on %(old)s, %(giver)s on %(new)s")
        if swap.wanted
        else _("%(taker)s presents on %(old)s instead of %(giver)s")
    )
    return _page(r, heading, heading, [_("Your question for %(giver)s was answered: yes.")], _("See the swap"))


def declined(r: NotificationContext) -> Wording:
    """To who asked: the turn is where it was, and there are others to ask."""
    swap = r.swap
    mine = r.notification.recipient_id == swap.giver_id
    body = [
        _("You still present on %(when)s.") if mine else _("%(giver)s still presents on %(when)s."),
        _("You can ask somebody else, or the whole group."),
    ]
    words = _page(
        r, _("%(old)s: %(taker)s cannot take the turn"), _("%(taker)s cannot this time"), body, _("Ask somebody else")
    )
    turn = next((turn for turn in r.turns if turn.presenter_id == swap.giver_id), None)
    if turn is None:
        return words
    link = reverse("schedule:swap_turn", args=[r.session.term.group.slug, turn.pk])
    return Wording(**vars(words) | {"link": absolute(link)})


def undone(r: NotificationContext) -> Wording:
    """To the other side, who has heard of the swap: everything is as before."""
    swap, reader = r.swap, r.notification.recipient_id
    here: Session | None
    if reader == swap.giver_id:
        here, gone = swap.session, swap.wanted
    elif reader == swap.taker_id:
        here, gone = swap.wanted, swap.session
    else:
        here, gone = None, None
    values = _sides(r, here or gone or swap.session, gone)
    if here:
        subject, body = _("%(date)s, %(name)s: you present after all"), [_("We meet on %(when)s.")]
        body += [_("On %(other_date)s %(other)s presents.")] if gone else []
        body.append(_what_next(r, here))
    else:
        subject, body = _("%(date)s: the swap is undone"), [_("%(giver)s presents on %(old)s, as before.")]
    return _page(r, subject, _("The swap is undone: the turns are as they were"), body, _("See the swap"), values)


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────
def _values(r) -> dict:
    """`old`: the day of the turn that is offered; `new`: that of the turn wanted in return."""
    swap = r.swap
    return {
        "giver": swap.giver,
        "taker": swap.taker,
        "by": swap.by,
        "name": r.notification.recipient,
        "message": swap.message,
        "old": r.day(swap.session.local_start),
        "new": swap.wanted and r.day(swap.wanted.local_start),
        "when": r.when_and_where_of(swap.session),
        "share": r.day(swap.session.share_day),
    }


def _sides(r, here: Session, there: Session | None) -> dict:
    """`date`: where the reader presents; `other_date`: where the other one does."""
    swap = r.swap
    other = swap.taker if r.notification.recipient_id == swap.giver_id else swap.giver
    dates = {"date": r.day(here.local_start), "other_date": there and r.day(there.local_start)}
    return _values(r) | dates | {"other": other, "when": r.when_and_where_of(here)}


def _hand_of(swap) -> list[str]:
    """An organizer who arranged it is named."""
    return [_("%(by)s arranged this.")] if swap.by_id not in {swap.giver_id, swap.taker_id} else []


def _what_next(r, here):
    turns = here.presentations.all()
    mine = next((turn for turn in turns if turn.presenter_id == r.notification.recipient_id), None)
    if mine and mine.is_shared:
        return _("A paper for it is shared already; you can choose another one.")
    return r.please_share(here)


def _page(r, subject, heading, body, button, values=None, why=""):
    values = values or _values(r)
    return Wording(
        subject=subject % values,
        heading=heading % values,
        body=[line % values for line in body],
        button=button,
        link=address(r.swap, r.notification.recipient),
        why=why or _("You get this because it is about a turn of yours."),
    )


WORDS = {
    Notification.SWAP_ASKED: asked,
    Notification.SWAP_ACCEPTED: accepted,
    Notification.SWAP_DECLINED: declined,
    Notification.SWAP_UNDONE: undone,
}
