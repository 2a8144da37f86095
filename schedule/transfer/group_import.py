"""A group out of its zip: everything is looked at as if a stranger had sent it, and comes whole or not at all."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import validate_email
from django.db import DataError, IntegrityError, transaction
from django.db.models import JSONField, Q

from members import address_proof, founding
from members.archive import ArchiveReader, BrokenArchive, OversizedEntry, open_archive
from members.models import Group, Member
from members.names import NameField, without_links
from papers.models import UPLOAD_LIMIT, Paper
from papers.search import index
from schedule.models import Notification, Session, Timetable
from schedule.notifications import reminders
from schedule.notifications.timetable import check_rules
from schedule.transfer.earlier_schemas import from_schema_1
from schedule.transfer.group_export import DOCUMENT, SCHEMA
from schedule.transfer.tables import DEDUPE_KEY_NAMES, GROUP, TABLES, Table

LONGEST_DOCUMENT = 200 * 1024 * 1024
LONGEST_TEXT = 20 * 1024 * 1024


class ImportRefused(Exception):
    """A file that cannot be brought in; str() names the place in it, and the way out where there is one."""


def bring_in(stream: BinaryIO, *, now: datetime) -> Group:
    """A new group with everything that the file holds. Nobody is written to about what was due before `now`.

    People who have an account here keep it as it is; the others get one without a password.
    """
    try:
        with open_archive(stream) as archive, _stored_or_gone() as stored:
            told = _document(archive)
            with transaction.atomic():
                group = _Import(archive, told, stored).run()
                _nothing_from_before(group, now)
    except OversizedEntry as error:
        raise ImportRefused(str(error)) from error
    except (BrokenArchive, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused(f"This is not a whole zip ({error}).") from error
    except IntegrityError as error:
        raise ImportRefused(f"Its rows contradict each other: {error}".strip()) from error
    except (ValueError, DataError) as error:
        raise ImportRefused(f"It cannot be read: {error}".strip()) from error
    return group


@contextmanager
def _stored_or_gone() -> Iterator[list[str]]:
    """Names of files that were stored on the way; if it ends badly they go again."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise


def _document(archive: ArchiveReader) -> dict:
    if DOCUMENT not in archive.names:
        raise ImportRefused(f"This zip holds no {DOCUMENT}: it is not a group that was taken out.")
    text = archive.read(DOCUMENT, LONGEST_DOCUMENT)
    if b"\\u0000" in text:
        raise ImportRefused(f"{DOCUMENT} has a NUL in a text.")
    told = json.loads(text, parse_constant=_no_constant)
    if not isinstance(told, dict) or "schema" not in told:
        raise ImportRefused(f"{DOCUMENT} does not say which schema it has.")
    if told["schema"] == 1:
        from_schema_1(told)
    if told["schema"] != SCHEMA:
        raise ImportRefused(f"{DOCUMENT} has schema {told['schema']!r}; this version reads schemas 1 to {SCHEMA}.")
    _same_names(told, {"schema", "made", "group", *(table.name for table in TABLES)}, DOCUMENT)
    _same_names(told["group"], set(GROUP), "group")
    for table in TABLES:
        if not isinstance(told[table.name], list):
            raise ImportRefused(f"{table.name} is not a list.")
        for place, row in enumerate(told[table.name], 1):
            if isinstance(row, dict):
                row |= {name: None for name in table.later if name not in row}
            _same_names(row, table.keys, f"{table.name} {place}")
            if row["id"] != place:
                raise ImportRefused(
                    f"{table.name} {place} calls itself {row['id']!r}: rows are numbered in their order."
                )
    return told


def _no_constant(word):
    raise ImportRefused(f"{DOCUMENT} says {word}, which is no number.")


def _same_names(row, names, where) -> None:
    if not isinstance(row, dict):
        raise ImportRefused(f"{where} is not an object.")
    if odd := sorted(row.keys() ^ names):
        raise ImportRefused(
            f"{where}: {', '.join(odd)} {'is' if len(odd) == 1 else 'are'} {'unknown' if odd[0] in row else 'missing'}."
        )


class _Import:
    """One group on its way in: `keys` knows which row of this database each place in the file became."""

    def __init__(self, archive, told, stored):
        self.archive, self.told, self.stored = archive, told, stored
        self.keys: dict[str, list[int]] = {table.name: [] for table in TABLES}

    def run(self) -> Group:
        fields = {name: _value(Group, name, self.told["group"][name], "group") for name in GROUP}
        _checked(Group(**fields), GROUP, "group")
        began, _old_address = fields.pop("created_at"), fields.pop("slug")
        self.group = founding.make_group(**fields)
        self.group.created_at = began  # a new row says now
        self.group.save(update_fields=["created_at"])
        for table in TABLES:
            for row in self.told[table.name]:
                self.keys[table.name].append(self._make(table, row))
        for table in TABLES:
            for row in self.told[table.name]:
                self._name_others(table, row)
        self._texts()
        return self.group

    def _make(self, table: Table, row: dict) -> int:
        where = f"{table.name} {row['id']}"
        if table.model is Member:
            return _person(row, where).pk
        values = {name: row[name] for name in table.plain}
        made = table.model(**{name: _value(table.model, name, values[name], where) for name in values})
        for name, of in table.refs.items():
            if of != table.name:  # its own table: once all of it is there
                setattr(made, f"{name}_id", self._key(of, row[name], where))
        if hasattr(made, "group_id") and (table.name != "timetables" or row["term"] is None):
            made.group_id = self.group.pk
        inside = {name: getattr(made, name) for name in values}
        try:
            table.inside(inside, lambda name, place: self._key(name, place, where))
        except (AttributeError, TypeError, ValueError) as error:
            raise ImportRefused(f"{where}: {error}.") from error
        for name, value in inside.items():
            setattr(made, name, value)
        for name in table.files:
            self._store(made, name, row, where)
        _checked(made, table.plain, where)
        _checked_rules(made, where)
        _checked_swap(made, where)
        made.save(force_insert=True)
        return made.pk

    def _key(self, table: str, place, where) -> int | None:
        if place is None:
            return None
        if not isinstance(place, int) or isinstance(place, bool) or not 0 < place <= len(self.keys[table]):
            raise ImportRefused(f"{where} names {table} {place!r}, which is not there.")
        return self.keys[table][place - 1]

    def _name_others(self, table: Table, row: dict) -> None:
        """What could not be said before every row had its number."""
        where, key = f"{table.name} {row['id']}", self.keys[table.name][row["id"] - 1]
        own = {f"{name}_id": self._key(of, row[name], where) for name, of in table.refs.items() if of == table.name}
        if any(own.values()):
            table.model._base_manager.filter(pk=key).update(**own)
        for name, of in table.lists.items():
            if row[name]:
                getattr(table.model(pk=key), name).add(*(self._key(of, place, where) for place in row[name]))

    def _store(self, made, name, row, where) -> None:
        if not row[name]:
            return
        if row[name] not in self.archive.names:
            raise ImportRefused(f"{where}: {row[name]} is not in the zip.")
        data = self.archive.read(row[name], UPLOAD_LIMIT)
        if name == "file" and "sha256" in row and hashlib.sha256(data).hexdigest() != row["sha256"]:
            raise ImportRefused(f"{where}: {row[name]} is not the file that it names: its checksum differs.")
        if name == "file":
            made.size = len(data)
        getattr(made, name).save(name, ContentFile(data), save=False)
        self.stored.append(getattr(made, name).name)

    def _texts(self) -> None:
        for place, key in enumerate(self.keys["papers"], 1):
            name = f"texts/{place}.txt"
            text = self.archive.read(name, LONGEST_TEXT).decode() if name in self.archive.names else ""
            index.index(Paper.objects.get(pk=key), index.body_fields(text) if text else None)


def _person(row, where) -> Member:
    """Whoever has an account here keeps it, if the address is proved: else whoever set it up loses it to the address's owner.
    Without one, a new account that a password can be asked for.
    """
    email = row["email"]
    try:
        validate_email(email)
    except ValidationError as error:
        raise ImportRefused(f"{where}: {email!r} is not an e-mail address.") from error
    if known := Member.objects.filter(email__iexact=email).first():
        if not address_proof.is_proved(known):
            address_proof.begin_anew(known)
        return known
    made = Member(
        email=email.lower(),
        **{name: _value(Member, name, row[name], where) for name in ("name", "language", "timezone")},
    )
    made.set_unusable_password()
    _checked(made, ("email", "name", "language", "timezone"), where)
    made.save()
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=False)
    return made


def _value(model, name, said, where):
    field = model._meta.get_field(name)
    try:
        value = field.to_python(said)
    except (ValidationError, TypeError, ValueError, OverflowError) as error:
        raise ImportRefused(f"{where}: {name} cannot be {said!r:.80}.") from error
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ImportRefused(f"{where}: {name} says no time zone.")
    if isinstance(field, JSONField) and type(value) is not type(field.get_default()):
        raise ImportRefused(f"{where}: {name} cannot be {said!r:.80}.")
    return without_links(value) if isinstance(field, NameField) and value else value


def _checked(row, names, where) -> None:
    """Choices, lengths and ranges of the fields that the file has said; JSON was looked at by _value."""
    told = [row._meta.get_field(name) for name in names]
    looked_at = {f.name for f in told if not isinstance(f, JSONField) and not (f.null and getattr(row, f.name) is None)}
    others = {f.name for f in row._meta.concrete_fields} - looked_at
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        name, words = next(iter(error.message_dict.items()))
        raise ImportRefused(f"{where}: {name}: {words[0]}") from error


def _checked_rules(made, where) -> None:
    """What the rules of a timetable say, which reminders of the whole group depend on."""
    if isinstance(made, Timetable):
        try:
            check_rules(made.rules)
        except (TypeError, ValueError) as error:
            raise ImportRefused(f"{where}: rules: {error}.") from error


def _checked_swap(made, where) -> None:
    """What a notification about a swap says comes from its swap."""
    if isinstance(made, Notification) and DEDUPE_KEY_NAMES.get(made.kind) == "swaps" and made.swap_id is None:
        raise ImportRefused(f"{where} is about a swap, and names none.")


def _nothing_from_before(group: Group, now: datetime) -> None:
    """What was due before it came here is not sent from here: it may have been sent from there."""
    sessions = Session.objects.filter(term__group=group)
    reminders.queue_due(now, [group.pk])
    waiting = Notification.objects.filter(
        Q(state=Notification.QUEUED) | Q(state=Notification.FAILED), session__in=sessions
    )
    waiting.move(Notification.EXPIRED, reason="brought_in", settled_at=now)
