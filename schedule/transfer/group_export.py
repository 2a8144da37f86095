"""A group into a zip: group.json for another server, and beside it what people read without one."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from members.models import Group
from members.time_zones import zone_of
from papers.citations.formats import written
from papers.models import PaperText
from schedule.models import Bundle, Notification, Session, Term
from schedule.planning.term_timeline import with_turns
from schedule.reports.deck import pptx
from schedule.reports.register import as_csv, register
from schedule.reports.slides import report
from schedule.transfer.tables import GROUP, TABLES, Table
from schedule.transfer.term_bundle import name_of

SCHEMA = 2
DOCUMENT = "group.json"
AT_ONCE = 20  # files in one step of the progress bar

Files = Iterable[tuple[str, bytes | Path]]


def parts(bundle: Bundle) -> list[Callable[[], Files]]:
    """group.json and lists; then PDFs, covers, photos and texts; then the reports of what was held."""
    group = bundle.group
    told, files = document(group)
    texts = list(
        PaperText.objects.filter(paper__group=group).exclude(body="").order_by("paper").values_list("paper", flat=True)
    )
    places = {pk: place for place, pk in enumerate(_keys(group, "papers"), 1)}
    chunks = [files[start : start + AT_ONCE] for start in range(0, len(files), AT_ONCE)]
    return [
        partial(_lists, group, told),
        *(partial(_stored, chunk) for chunk in chunks),
        partial(_texts, [(pk, places[pk]) for pk in texts if pk in places]),
        *(partial(_of_a_term, term) for term in group.terms.order_by("pk")),
    ]


# ── group.json ───────────────────────────────────────────────────────────────────────────────────
def document(group: Group) -> tuple[dict, list[tuple[str, str]]]:
    """(what group.json says, [(name in the zip, name in storage)]). A row that came while we looked is left out, with those that name it."""
    rows: dict[str, list] = {}
    places: dict[str, dict[int, int]] = {}
    for table in TABLES:
        rows[table.name] = [row for row in table.of(group).order_by("pk") if _is_whole(table, row, places)]
        places[table.name] = {row.pk: place for place, row in enumerate(rows[table.name], 1)}
    told = {"schema": SCHEMA, "made": _plain(now()), "group": {name: _plain(getattr(group, name)) for name in GROUP}}
    files: list[tuple[str, str]] = []
    for table in TABLES:
        told[table.name] = [_row(table, row, places, files) for row in rows[table.name]]
    return told, files


def _is_whole(table: Table, row, places) -> bool:
    """Whether the rows that it cannot do without were there when we looked for them."""
    needed = [name for name in table.refs if name in table.needs or not row._meta.get_field(name).null]
    named = ((table.refs[name], getattr(row, f"{name}_id")) for name in needed)
    return all(pk is None or pk in places[of] for of, pk in named)


def _row(table: Table, row, places, files) -> dict:
    def number(name, pk):
        return places[name].get(pk)

    place = places[table.name][row.pk]
    values = {"id": place} | {name: _plain(getattr(row, name)) for name in table.plain}
    values |= {name: number(of, getattr(row, f"{name}_id")) for name, of in table.refs.items()}
    for name, of in table.lists.items():
        values[name] = sorted(filter(None, (number(of, pk) for pk in getattr(row, name).values_list("pk", flat=True))))
    for name in table.files:
        values[name] = _file(table, name, row, place, files)
    table.inside(values, number)
    if table.model is Notification:
        _settled(values)
    return values


def _settled(notification: dict) -> None:
    """A notification is history elsewhere: what was not sent is not sent from there."""
    if notification["state"] not in {Notification.SENT, Notification.SKIPPED}:
        notification["state"] = Notification.EXPIRED


def _file(table, name, row, place, files) -> str:
    """Its name in the zip; "" where there is none, or none any more."""
    stored = getattr(row, name).name
    if not stored or not default_storage.exists(stored):
        return ""
    folder = {"file": table.name, "cover": "covers"}[name]
    called = (
        name_of(getattr(row, "name", "").removesuffix(".pdf")) if name == "file" and table.name == "paper_files" else ""
    )
    said = f"{folder}/{place}{f' {called}' if called else ''}{Path(stored).suffix}"
    files.append((said, stored))
    return said


def _plain(value):
    """As JSON says it: instants in UTC, days and times of day by ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


def _keys(group, name) -> list[int]:
    [table] = [table for table in TABLES if table.name == name]
    return list(table.of(group).order_by("pk").values_list("pk", flat=True))


# ── what lies beside it ──────────────────────────────────────────────────────────────────────────
def _lists(group, told) -> Iterator[tuple[str, bytes]]:
    yield DOCUMENT, json.dumps(told, ensure_ascii=False, indent=1).encode()
    yield "README.txt", _readme(group).encode()
    yield f"{_('Papers of the group')}.bib", written(group.papers.kept(), "bib").encode()


def _readme(group) -> str:
    lines = [
        str(group),
        _("Everything of this group as of %(day)s.") % {"day": localdate(timezone=zone_of(group)).isoformat()},
        _("group.json holds all of it, for another server: python3 manage.py bring_in FILE.zip"),
        _("The PDFs lie in paper_files, what was read out of them in texts, the photos in photos."),
        _("Passwords, invitations and calendar links are not in it."),
    ]
    return "\n\n".join(lines) + "\n"


def _stored(files) -> Iterator[tuple[str, Path]]:
    for name, stored in files:
        yield name, Path(default_storage.path(stored))


def _texts(found) -> Iterator[tuple[str, bytes]]:
    for pk, place in found:
        yield f"texts/{place}.txt", PaperText.objects.get(pk=pk).body.encode()


def _of_a_term(term: Term) -> Iterator[tuple[str, bytes]]:
    """Attendance, and the report of every session that was held."""
    folder = f"terms/{name_of(f'{term.pk} {term}')}"
    yield f"{folder}/{_('Attendance')}.csv", as_csv(register(term, now())).encode("utf-8-sig")
    for session in with_turns(term.sessions.all(), term.group):
        if session.state == Session.HELD:
            yield f"{folder}/{session.number:02} {session.local_start:%Y-%m-%d}.pptx", pptx(report(session, now()))
