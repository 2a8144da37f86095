"""Everybody presents, in Korean: two terms of a small group in Seoul, from its founding to the last report."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.lived import acts, meeting
from tests.lived.life import Life

SEOUL = ZoneInfo("Asia/Seoul")
BEGIN = datetime(2026, 2, 23, 9, 30, tzinfo=SEOUL)
TITLES = ["Attention", "Boosting", "Contrast", "Diffusion", "Embedding", "Factoring", "Graphs", "Hashing", "Inference"]


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


def lived(life: Life):
    come_together(life)
    first_session(life)
    second_session(life)
    third_session(life)
    second_term(life)


def come_together(life: Life):
    jimin = life.arrives("Jimin", has_an_account=True)
    acts.found(life, jimin, "Vision Reading", language="ko", timezone="Asia/Seoul", country="KR")
    link = acts.invite_by_link(life, jimin)
    for name in ("Seoyeon", "Doyun", "Hajun", "Yuna"):
        acts.come(life, life.arrives(name), link)
    life.let("Seoyeon", acts.live_in, "America/Los_Angeles")
    life.let("Jimin", acts.bring_papers, *TITLES)
    life.let(
        "Jimin", acts.plan, name="Spring", first_day="2026-03-10", time="10:00", every_weeks="2", count="3",
        presenters="", share_days="7", place="A café near Sangdo",
    )  # fmt: skip
    life.let("Hajun", acts.become, "Hajun", "pause")


def first_session(life: Life):
    """Papers come early, on the day and late; somebody leaves with a turn ahead of her."""
    life.until(at(3, 2))
    life.let("Seoyeon", acts.share, 1, "Attention")
    life.let("Yuna", acts.become, "Yuna", "leave")
    life.until(at(3, 3, 15))
    life.let("Jimin", acts.share, 1, "Boosting")
    life.until(at(3, 5))
    life.let("Doyun", acts.share, 1, "Contrast")
    life.until(at(3, 6))
    life.let("Jimin", meeting.take_off, 1, "Yuna")
    life.let("Jimin", acts.replan, "open")
    life.until(at(3, 10, 9, 10))
    digits = life.let("Jimin", meeting.open_code, 1)
    life.let("Doyun", meeting.check_in, 1, digits)
    life.until(at(3, 10, 10, 2))
    life.let("Jimin", meeting.mark, 1, "Seoyeon", "late")
    life.let("Seoyeon", meeting.write, 1, "- Attention is a weighted sum")
    life.let("Doyun", meeting.write_about, 1, "Doyun", "- Contrast needs negatives")
    life.let("Jimin", meeting.add_photo, 1)
    life.until(at(3, 10, 12, 20))
    life.let("Jimin", meeting.close, 1)
    meeting.fetch_report(life, life.people["Doyun"], 1)
    life.after(hours=1)
    with life.by("Jimin") as jimin:
        meeting.reopen(life, jimin, 1)
        meeting.write(life, jimin, 1, "- Attention is a weighted sum\n- Next time: code")
        meeting.close(life, jimin, 1)


def second_session(life: Life):
    """All papers are there in time; the session moves by a day; a paper is withdrawn after it was sent round."""
    life.until(at(3, 14))
    for name, title in zip(life.presenters(2), TITLES[3:], strict=False):
        with life.by("Jimin") as jimin:
            acts.share(life, jimin, 2, title, of=name)
    life.after(minutes=5)
    life.let("Seoyeon", acts.withdraw, 2)
    life.until(at(3, 19))
    life.let("Seoyeon", acts.share, 2, "Inference")
    life.until(at(3, 20))
    life.let("Jimin", meeting.move, 2, at(3, 25, 10))
    life.until(at(3, 25, 12, 30))
    life.let("Jimin", meeting.close, 2)


def third_session(life: Life):
    """Nobody shares anything, nobody closes it, and the code stays open for days."""
    life.until(at(4, 7, 9, 30))
    digits = life.let("Jimin", meeting.open_code, 3)
    life.let("Seoyeon", meeting.check_in, 3, digits)
    life.until(at(4, 9))
    life.same("who is marked by a code of two days ago", meeting.late_code(life, life.people["Doyun"], 3), False)


def second_term(life: Life):
    """Rolled over, first as a draft; one session is held, one is cancelled for good."""
    life.let(
        "Jimin", acts.plan, "save", query=f"?from={life.term()}", name="Summer", first_day="2026-04-28", count="2",
        presenters="2", share_days="3",
    )  # fmt: skip
    life.until(at(4, 13))
    life.let("Jimin", acts.publish_draft)
    life.let("Hajun", acts.become, "Hajun", "resume")
    life.until(at(4, 23))
    first, second = life.presenters(1)
    life.let(first, acts.share, 1, "Graphs")
    life.let(second, acts.share, 1, "Hashing")
    life.until(at(4, 28, 12, 5))
    life.let("Jimin", meeting.write, 1, "Short and good")
    life.let("Jimin", meeting.close, 1)
    life.until(at(5, 6))
    life.let("Jimin", meeting.cancel, 2, turns="pool")
    life.until(at(5, 12, 13))
    meeting.fetch_report(life, life.people["Jimin"], 1)
