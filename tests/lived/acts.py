"""What people do, by the forms that their pages offer them: each takes the story, the person, and what it is about."""

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.lived import names
from tests.lived.page import NotOffered, has, match, text_of
from tests.lived.people import Person

PASSWORD = "reads one paper a week"


# ── a group comes together ───────────────────────────────────────────────────────────────────────
def found(life, who: Person, group: str, **fields):
    page = who.send(who.get(names.NEW_GROUP), names.NEW_GROUP, name=group, **fields)
    life.slug = page.path.split("/")[2]


def invite_by_link(life, who) -> str:
    """The address of a link that lets everybody in who has it."""
    members = who.get(names.MEMBERS, life.slug)
    page = who.send(members, names.MAKE_LINK, max_uses="many", days="30", role="member")
    return page.first(f"//input[{has('link-text')}]/@value")


def invite_by_mail(life, who, *addresses: str):
    page = who.get(names.MEMBERS, life.slug)
    who.send(page, names.INVITE_BY_MAIL, addresses="\n".join(addresses), language="en", role="member")


def come(life, who: Person, link: str):
    """Open an account by an invitation; or, with one, accept it."""
    page = who.open("/" + link.split("/", 3)[3])
    if page.offers(names.SIGN_UP):
        address = f"{who.name.lower()}@example.org"
        offered = page.first("//input[@name='email']")
        fields = {} if offered.get("disabled") is not None else {"email": address}
        if page.first("//input[@name='name']") is None:  # an open link: a mail proves the address first
            who.send(page, names.SIGN_UP, **fields)
            page = who.open("/" + invitation(life, who, address).split("/", 3)[3])
            who.send(page, names.JOIN_AS, name=who.name, password=PASSWORD)
        else:
            who.send(page, names.SIGN_UP, name=who.name, password=PASSWORD, **fields)
        who.email, who.signed_in_at = offered.get("value") or address, life.now()
    else:
        who.send(page, names.JOIN)


def live_in(life, who, zone: str):
    """Their clock is somewhere else."""
    who.send(who.get(names.ACCOUNT), names.ACCOUNT, timezone=zone)


def refuse(life, who, *topics: str):
    page = who.get(names.ACCOUNT)
    wanted = [topic for topic in names.TOPICS if topic not in topics]
    who.send(page, names.CHOICE_OF_MAILS, topics=wanted)


def become(life, who, name: str, verb: str):
    """pause, resume, leave, remove, promote … of oneself or, by an organizer, of somebody else."""
    page = who.get(names.MEMBERS, life.slug)
    who.send(page, names.PLACE_IN_GROUP, where={"pk": life.pk(name), "verb": verb})


def bring_papers(life, who, *titles: str):
    """A whole .bib file at once."""
    entries = [
        f"@article{{p{n}, title={{{title}}}, author={{A. Writer}}, year={{2025}}}}" for n, title in enumerate(titles)
    ]
    file = SimpleUploadedFile("list.bib", "\n".join(entries).encode(), "application/x-bibtex")
    page = who.send(who.get(names.LIST_OF_PAPERS, life.slug), names.LIST_OF_PAPERS, file=file)
    who.send(page, names.TAKE_THE_LIST)


# ── a term ───────────────────────────────────────────────────────────────────────────────────────
def plan(life, who, do: str = "publish", query: str = "", **fields):
    """Plan the next term, as a draft or published at once."""
    page = who.get(names.PLAN, life.slug, query=query)
    who.send(page, names.PLAN, press={"do": do}, **fields)


def publish_draft(life, who):
    who.send(who.get(names.TERM, life.slug, life.term()), names.PUBLISH)


def replan(life, who, how: str):
    """Plan the rest again: look first, then press, if anything would change."""
    page = who.get(names.REPLAN, life.slug, life.term(), query=f"?how={how}")
    if page.offers(names.REPLAN):
        who.send(page, names.REPLAN, how=how)


def go_away(life, who, first: date, last: date):
    page = who.get(names.TURNS, life.slug)
    return who.send(page, names.AWAY, first_day=f"{first}", last_day=f"{last}")


def undo(life, who, number: int):
    """The newest change of that session."""
    page = who.get(names.SESSION, life.slug, life.session(number).pk)
    who.send(page, names.UNDO)


# ── papers ───────────────────────────────────────────────────────────────────────────────────────
def share(life, who, number: int, title: str = "", pdf: bytes = b"", of: str = "", term: str = ""):
    """A paper for one's turn (or, by an organizer, that of somebody else): from the library, or a PDF."""
    turn = life.session(number, term).turn_of(life.pk(of or who.name))
    page = who.get(names.SHARE, life.slug, turn.pk, query="" if pdf else f"?q={title.replace(' ', '+')}")
    if pdf:
        file = SimpleUploadedFile("paper.pdf", pdf, "application/pdf")
        return who.send(page, names.SHARE, file=file)
    return who.send(page, names.SHARE, press={"paper": f"{paper(life, who, title)}"})


def paper(life, who, title: str) -> int:
    """The number of a paper of this title, as the library's link to it has it."""
    page = who.get(names.LIBRARY, life.slug, query=f"?q={title.replace(' ', '+')}")
    for called in page.find(f"//*[{has('title')}]"):
        if text_of(called) == title:
            return match(called.xpath("(ancestor-or-self::a | .//a)/@href")[0]).kwargs["pk"]
    raise NotOffered(f"{who.name} finds no paper called {title}")


def withdraw(life, who, number: int):
    turn = life.session(number).turn_of(life.pk(who.name))
    page = who.get(names.TURNS, life.slug)
    who.send(page, names.WITHDRAW, where={"pk": turn.pk})


def throw_away(life, who, title: str):
    pk = paper(life, who, title)
    who.send(who.get(names.PAPER, life.slug, pk), names.THROW_AWAY)
    return pk


def take_out(life, who, pk):
    who.send(who.get(names.PAPER, life.slug, pk), names.TAKE_OUT)


# ── turns change hands ───────────────────────────────────────────────────────────────────────────
def offer(life, who, number: int, to: str = "", instead: int = 0, at_once: bool = False, of: str = ""):
    """To somebody, as a gift or in exchange for their turn in `instead`; to nobody in particular: to the group."""
    session = life.session(number)
    page = who.get(names.SWAP_TURN, life.slug, session.turn_of(life.pk(of or who.name)).pk)
    choice = "group" if not to else f"{life.session(instead).pk}-{life.pk(to)}" if instead else f"{life.pk(to)}"
    who.send(page, names.SWAP_TURN, to=choice, press={"do": "now" if at_once else "ask"})


def answer(life, who, do: str):
    """On the page of the newest question: accept, decline, withdraw, undo."""
    page = who.get(names.SWAP, life.slug, max(life.facts.swaps))
    who.send(page, names.SWAP, press={"do": do})


def answer_by_mail(life, who, do: str):
    """By the link in the newest mail that has one, on a browser that is not signed in."""
    links = [link for message in life.sink.to(who.email) for link in _links(message) if "/answer/" in link]
    reader = Person(who.name)
    page = reader.open("/" + links[-1].split("/", 3)[3])
    reader.send(page, names.SWAP_BY_MAIL, press={"do": do})


def _links(message) -> list[str]:
    words = message.get_body(("plain",)).get_content().split()
    return [word.strip("<>()") for word in words if word.strip("<>()").startswith("http")]


def come_too_late(life, who: Person):
    """To the page of the newest question, by its link in a mail, and by a button that was on the screen before."""
    page = who.get(names.SWAP, life.slug, max(life.facts.swaps))
    life.same("page of a question that is too late", page.status, 200)
    link = next(link for message in reversed(life.sink.to(who.email)) for link in _links(message) if "/answer/" in link)
    path, reader = "/" + link.split("/", 3)[3], Client(raise_request_exception=False)
    life.same("the same by its mail", reader.get(path).status_code, 200)
    life.same("an answer that is too late", reader.post(path, {"do": "accept"}).status_code < 500, True)


def invitation(life, who, address: str) -> str:
    """The link in the mail that invited this address."""
    return next(link for link in _links(life.sink.to(address)[-1]) if "/join/" in link)


# ── what addresses are made of ───────────────────────────────────────────────────────────────────
def keys_in(messages) -> dict[str, str]:
    """The secret parts of the addresses in mails: to come in, to answer, to want no more of a kind."""
    links = [link for message in messages for link in [*_links(message), *_ways_to_stop(message)]]
    marks = {"join": "/join/", "answer": "/answer/", "stop": "/notifications/stop/"}
    found = {name: next((link for link in reversed(links) if mark in link), "") for name, mark in marks.items()}
    return {f"{name}/token": link.partition(marks[name])[2].split("/")[0] or "nothing" for name, link in found.items()}


def names_the_day(message, day: date) -> bool:
    """Whether a mail says this day, in English or Korean."""
    said = f"{message['Subject']} {message.get_body(('plain',)).get_content()}".replace("\xa0", " ")
    return f"{day.day} {day:%B}" in said or f"{day.month}월 {day.day}일" in said


def _ways_to_stop(message) -> list[str]:
    return [str(message["List-Unsubscribe"]).strip("<>")] if message["List-Unsubscribe"] else []


def take_the_calendar(life, who):
    who.send(who.get(names.CALENDARS, life.slug), names.NEW_CALENDAR)


def keys_of_a_calendar(life, who) -> dict[str, str]:
    """The parts of somebody's calendar address, where they have one."""
    page = who.get(names.CALENDARS, life.slug)
    found = re.search(rb"/calendar/(\d+)/(\w+)/([^/\"]+)\.ics", page.content)
    values = [part.decode() for part in found.groups()] if found else ["0", "mine", "nothing"]
    return dict(zip(("calendar/pk", "scope", "key"), values, strict=True))


def ask_for_the_zip(life, who):
    who.send(who.get(names.TERM, life.slug, life.term()), names.TERM_BUNDLE)
