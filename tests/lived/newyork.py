"""Two of seven present each week, in New York while the clocks change: turns and people come and go, sessions move."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.lived import acts, meeting, names
from tests.lived.life import Life

NEW_YORK = ZoneInfo("America/New_York")
BEGIN = datetime(2026, 9, 30, 12, tzinfo=NEW_YORK)
TITLES = [
    "Anchors", "Beams", "Circuits", "Dropout", "Entropy", "Filters", "Gradients", "Heaps", "Ideals", "Joins", "Kernels",
    "Lattices", "Margins", "Networks", "Orders",
]  # fmt: skip


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def lived(life: Life):
    come_together(life)
    turns_change_hands(life)
    first_session(life)
    people_come_and_go(life)
    sessions_move(life)
    over_the_change_of_clocks(life)
    second_term(life)


def come_together(life: Life):
    """By link and by mail; somebody lives elsewhere, somebody refuses a kind of mail; a draft that is published later."""
    nora = life.arrives("Nora", has_an_account=True)
    acts.found(life, nora, "Graph Readers", language="en", timezone="America/New_York", country="US")
    link = acts.invite_by_link(life, nora)
    for name in ("Omar", "Ada", "Ben", "Dan", "Finn"):
        acts.come(life, life.arrives(name), link)
    acts.invite_by_mail(life, nora, "Cleo <cleo@example.org>")
    life.after(minutes=1)
    acts.come(life, life.arrives("Cleo"), acts.invitation(life, life.people["Nora"], "cleo@example.org"))
    life.let("Cleo", acts.live_in, "Asia/Seoul")
    life.let("Ben", acts.refuse, "tomorrow")
    life.let("Nora", acts.become, "Omar", "promote")
    life.let("Nora", acts.bring_papers, *TITLES)
    life.let(
        "Nora", acts.plan, "save", name="Fall", first_day="2026-10-13", time="18:30", every_weeks="1", count="4",
        presenters="2", share_days="3", place="Room 4", timezone="America/New_York",
    )  # fmt: skip
    life.after(minutes=30)
    life.let("Omar", acts.publish_draft)
    life.after(minutes=2)


def turns_change_hands(life: Life):
    """An exchange is accepted by mail; a question is declined, one taken back; a gift by an organizer is undone."""
    life.until(at(10, 2))
    giver = life.plain_presenter(2)
    life.let(giver, acts.offer, 2, to=life.plain_presenter(3, unlike=2), instead=3)
    life.after(minutes=5)
    life.let(life.asked(), acts.answer_by_mail, "accept")
    life.until(at(10, 6))
    life.let(life.plain_presenter(4), acts.offer, 4, to=life.free_on(4))
    life.after(minutes=1)
    life.let(life.asked(), acts.answer, "decline")
    life.after(minutes=1)
    with life.by(life.plain_presenter(4)) as who:
        acts.offer(life, who, 4, to=life.free_on(4))
    life.after(seconds=10)
    with life.by(life.plain_presenter(4)) as who:
        acts.answer(life, who, "withdraw")
    life.after(minutes=1)
    with life.by("Omar") as omar:
        acts.offer(life, omar, 4, to=life.free_on(4), at_once=True, of=life.plain_presenter(4))
    life.after(hours=1)
    life.let("Omar", acts.answer, "undo")


def first_session(life: Life):
    """Shared early, replaced, thrown away, taken out of the trash; the other one is shared late, withdrawn, shared again."""
    early, late = life.presenters(1)
    life.until(at(10, 7))
    life.let(early, acts.share, 1, "Anchors")
    life.after(hours=1)
    with life.by(early) as who:
        acts.share(life, who, 1, "Beams")
    life.until(at(10, 9))
    thrown = life.let("Nora", acts.throw_away, "Beams")
    life.until(at(10, 11, 13))
    life.let(late, acts.share, 1, pdf=names.pdf("Circuits and How They Are Drawn"))
    life.after(minutes=3)
    life.let("Nora", acts.take_out, thrown)
    life.until(at(10, 12, 8))
    with life.by(late) as who:
        acts.withdraw(life, who, 1)
    life.after(minutes=5)
    with life.by(late) as who:
        acts.share(life, who, 1, "Dropout")
    life.until(at(10, 13, 18, 35))
    digits = life.let("Omar", meeting.open_code, 1)
    life.let(early, meeting.check_in, 1, digits)
    life.after(minutes=20)
    with life.by("Nora") as nora:
        meeting.write(life, nora, 1, "- Anchors hold")
    life.until(at(10, 13, 20, 31))
    life.let("Nora", meeting.close, 1)
    meeting.fetch_report(life, life.people["Ada"], 1)
    life.after(minutes=1)
    life.let("Nora", acts.throw_away, "Dropout")


def people_come_and_go(life: Life):
    """A pause, somebody new, a turn taken after its reminders have begun, a presenter who is removed, somebody who leaves."""
    life.until(at(10, 14))
    with life.by(life.without_turn(2, 3)) as who:
        acts.become(life, who, who.name, "pause")
    link = acts.invite_by_link(life, life.people["Nora"])
    with life.by("Nora"):
        acts.come(life, life.arrives("Eve"), link)
    life.let("Nora", acts.replan, "few")
    life.until(at(10, 15))
    with life.by("Nora") as nora:
        meeting.meet_in(life, nora, 2, "Room 9")
    life.until(at(10, 16, 10))
    life.let(life.plain_presenter(2), acts.offer, 2)
    life.after(minutes=2)
    life.let(life.free_on(2), acts.answer, "accept")
    life.until(at(10, 18))
    gone = life.plain_presenter(3)
    life.let("Nora", acts.become, gone, "remove")
    life.until(at(10, 21))
    with life.by("Nora") as nora:
        meeting.take_off(life, nora, 3, gone)
        meeting.put_in(life, nora, 3, life.free_on(3))
    with life.by("Nora") as nora:
        acts.replan(life, nora, "open")
    leaves = life.without_turn(3, 4)
    life.let(leaves, acts.become, leaves, "leave")


def sessions_move(life: Life):
    """Moved twice in a minute, which is told once; cancelled with a question open, and brought back."""
    life.until(at(10, 23))
    for name, title in zip(life.presenters(3), ("Joins", "Kernels"), strict=True):
        with life.by("Nora") as nora:
            acts.share(life, nora, 3, title, of=name)
    life.until(at(10, 24, 13))
    with life.by("Omar") as omar:
        meeting.move(life, omar, 3, at(10, 29, 18, 30))
    life.after(seconds=5)
    with life.by("Omar") as omar:
        meeting.move(life, omar, 3, at(10, 28, 18, 30))
    life.after(minutes=2)
    with life.by(life.plain_presenter(4)) as who:
        acts.offer(life, who, 4, to=life.free_on(4))
    life.after(minutes=2)
    life.let("Nora", meeting.cancel, 4)
    acts.come_too_late(life, life.people[life.asked()])
    turn = life.session(4).turns[0].pk
    life.same(
        "offering a turn of a cancelled session", life.people["Nora"].get(names.SWAP_TURN, life.slug, turn).status, 200
    )
    life.until(at(10, 28, 12))
    life.let("Nora", meeting.restore, 4)


def over_the_change_of_clocks(life: Life):
    """Half past six stays half past six: reminders of the session after 1 November come by the wall.

    It is cancelled when it has begun, brought back, and meets elsewhere: people on their way hear of it.
    """
    life.until(at(10, 31, 13))
    with life.by("Nora") as nora:
        acts.share(life, nora, 4, "Entropy", of=life.presenters(4)[0])
    life.until(at(11, 3, 18, 40))
    life.let("Nora", meeting.cancel, 4)
    life.after(minutes=2)
    life.let("Nora", meeting.restore, 4)
    life.after(minutes=2)
    life.let("Nora", meeting.meet_in, 4, "The hall")
    life.until(at(11, 3, 20, 45))
    life.let("Omar", meeting.close, 4)


def second_term(life: Life):
    """A short one, from which the trash is emptied of a paper that was presented in the first."""
    life.until(at(11, 16))
    life.let(
        "Nora", acts.plan, query=f"?from={life.term()}", name="Winter", first_day="2026-12-01", count="2",
    )  # fmt: skip
    life.until(at(11, 18))
    for name, title in zip(life.presenters(1), ("Heaps", "Ideals"), strict=True):
        with life.by("Nora") as nora:
            acts.share(life, nora, 1, title, of=name)
    life.until(at(12, 8, 20, 45))
    life.let("Nora", meeting.close, 2)
    meeting.fetch_report(life, life.people["Nora"], 2)
