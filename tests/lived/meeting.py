"""What people do with one session, by the forms of its page: it moves, it is held, it is written down and closed."""

from datetime import datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.lived import names
from tests.lived.page import NotOffered, Page, has


def at_session(life, who, number: int, term: str = "") -> Page:
    return who.get(names.SESSION, life.slug, life.session(number, term).pk)


def move(life, who, number: int, to: datetime, turns: str = "along"):
    page = at_session(life, who, number)
    who.send(page, names.MOVE, day=f"{to:%Y-%m-%d}", time=f"{to:%H:%M}", turns=turns)


def meet_in(life, who, number: int, place: str):
    who.send(at_session(life, who, number), names.NEW_PLACE, place=place)


def cancel(life, who, number: int, turns: str = "along"):
    who.send(at_session(life, who, number), names.CANCEL, turns=turns)


def restore(life, who, number: int):
    who.send(at_session(life, who, number), names.RESTORE)


def put_in(life, who, number: int, name: str):
    who.send(at_session(life, who, number), names.PRESENTERS, press={"do": "add"}, presenter=f"{life.pk(name)}")


def take_off(life, who, number: int, name: str):
    page = at_session(life, who, number)
    for form, button, action in page.buttons(names.PRESENTERS):
        hidden = dict(form.form_values())
        if button.get("value") == "remove" and hidden["presenter"] == f"{life.pk(name)}":
            who.client.post(action, hidden | {"do": "remove"})
            return
    raise NotOffered(f"{who.name} cannot take {name} off session {number}")


def mark(life, who, number: int, name: str, state: str):
    session, pk = life.session(number), f"{life.pk(name)}"
    for form, button, action in at_session(life, who, number).buttons(names.ATTEND):
        hidden = dict(form.form_values())
        if button.get("value") == state and hidden["member"] == pk:
            who.client.post(action, hidden | {"state": state})
            return
    raise NotOffered(f"{who.name} cannot mark {name} in session {session.number}")


def open_code(life, who, number: int, term: str = "") -> str:
    """The six digits that the screen shows."""
    page = who.send(at_session(life, who, number, term), names.OPEN_CODE)
    return page.words(f"//p[{has('digits')}]").replace(" ", "")


def check_in(life, who, number: int, digits: str, term: str = ""):
    page = who.get(names.HERE, life.slug, life.session(number, term).pk)
    who.send(page, names.HERE, code=digits)


def late_code(life, who, number: int) -> bool:
    """Whether the code of a session, if it is still shown, marks somebody who enters it now."""
    session = life.session(number)
    shown = life.people[life.organizer()].get(names.CODE, life.slug, session.pk)
    digits = shown.words(f"//p[{has('digits')}]").replace(" ", "")
    page = who.get(names.HERE, life.slug, session.pk)
    if digits and page.offers(names.HERE):
        action, data = page.filled(names.HERE, {"code": digits}, {})
        who.client.post(action, data)
    return life.pk(who.name) in life.session(number).marked


def write(life, who, number: int, text: str):
    who.send(at_session(life, who, number), names.MINUTES, text=text)


def write_about(life, who, number: int, of: str, text: str):
    turn = life.session(number).turn_of(life.pk(of))
    who.send(at_session(life, who, number), names.TURN_MINUTES, where={"turn": turn.pk}, text=text)


def add_photo(life, who, number: int):
    out = BytesIO()
    Image.new("RGB", (400, 300), "navy").save(out, "JPEG")
    file = SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")
    who.send(at_session(life, who, number), names.ADD_PHOTO, photos=file)


def close(life, who, number: int, term: str = ""):
    who.send(at_session(life, who, number, term), names.CLOSE)


def reopen(life, who, number: int):
    who.send(at_session(life, who, number), names.REOPEN)


def fetch_report(life, who, number: int, term: str = ""):
    """The slides in the browser, and the same as a file: both are there."""
    session = life.session(number, term)
    life.same("slides", who.get(names.REPORT, life.slug, session.pk).status, 200)
    deck = who.get(names.DECK, life.slug, session.pk)
    life.same("slides as a file", (deck.status, deck.content[:2]), (200, b"PK"))
