"""One presents each time; the next term is published while this one runs, over New Year, with readers half a day away."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.lived import acts, meeting
from tests.lived.life import Life

PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 12, 1, 9, tzinfo=PARIS)
TITLES = ["Arches", "Bridges", "Columns", "Domes", "Eaves", "Friezes"]


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def lived(life: Life):
    come_together(life)
    before_new_year(life)
    the_next_term_is_published(life)
    into_the_next_term(life)


def come_together(life: Life):
    lena = life.arrives("Lena", has_an_account=True)
    acts.found(life, lena, "Language Lab", language="en", timezone="Europe/Paris", country="FR")
    link = acts.invite_by_link(life, lena)
    for name in ("Max", "Nina", "Otto", "Pia"):
        acts.come(life, life.arrives(name), link)
    life.let("Nina", acts.live_in, "Pacific/Auckland")
    life.let("Max", acts.live_in, "Pacific/Honolulu")
    life.let("Lena", acts.bring_papers, *TITLES)
    life.let(
        "Lena", acts.plan, name="Winter 2026", first_day="2026-12-15", time="19:00", every_weeks="2", count="3",
        presenters="1", share_days="5", place="Salle 2", timezone="Europe/Paris",
    )  # fmt: skip
    life.let("Otto", acts.become, "Otto", "pause")
    life.let("Lena", acts.become, "Pia", "remove")


def before_new_year(life: Life):
    """Otto and Pia take no turns any more: what was theirs is given to others. The second session moves over New Year."""
    life.until(at(2026, 12, 3))
    life.let("Lena", acts.replan, "open")
    life.until(at(2026, 12, 9))
    life.let(life.presenters(1)[0], acts.share, 1, "Arches")
    life.until(at(2026, 12, 15, 21, 10))
    life.let("Lena", meeting.write, 1, "Arches carry.")
    life.let("Lena", meeting.close, 1)
    life.until(at(2026, 12, 20))
    life.let("Lena", meeting.move, 2, at(2027, 1, 2, 19))


def the_next_term_is_published(life: Life):
    """From now on the newest term is not the running one."""
    life.until(at(2026, 12, 27, 15))
    life.let(
        "Lena", acts.plan, query=f"?from={life.term()}", name="Spring 2027", first_day="2027-02-02", count="2",
    )  # fmt: skip
    life.until(at(2026, 12, 30))
    with life.by("Lena") as lena:
        acts.share(life, lena, 2, "Bridges", of=life.presenters(2, "Winter 2026")[0], term="Winter 2026")
    life.until(at(2027, 1, 2, 18, 30))
    digits = life.let("Lena", meeting.open_code, 2, term="Winter 2026")
    life.let("Nina", meeting.check_in, 2, digits, term="Winter 2026")
    life.until(at(2027, 1, 2, 21, 5))
    life.let("Lena", meeting.close, 2, term="Winter 2026")
    life.until(at(2027, 1, 12, 21, 1))
    meeting.fetch_report(life, life.people["Max"], 2, term="Winter 2026")


def into_the_next_term(life: Life):
    life.until(at(2027, 1, 28))
    life.let(life.presenters(1)[0], acts.share, 1, "Columns")
    life.until(at(2027, 2, 2, 21, 10))
    life.let("Lena", meeting.close, 1)
    life.until(at(2027, 2, 16, 21, 30))
    meeting.fetch_report(life, life.people["Lena"], 1)
