"""What a phone's share sheet hands over: looked at and kept for an hour, until its member says into which group it goes.

The share comes without our token, because the browser makes it and not a form of ours. So it changes nothing that counts:
files lie in a folder of the member, outside every group, and the newest share takes the place of the one before.
"""

import json
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from members import failures
from members.models import Member, Membership
from papers import uploads
from papers.intake import receive
from papers.intake.receive import Arrived
from papers.lookup.catalogues.identifiers import recognise
from papers.uploads import UploadRefused

MOST_FILES = 10  # of one share
MOST_NUMBERS = 20
SHARES = "shares"
KEPT_FOR = timedelta(hours=1)
NAMES = "names.json"  # written last: a share without it did not arrive whole
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """A PDF that its member may put into a group."""

    name: str
    path: Path


def numbers_in(*texts: str) -> str:
    """The arXiv numbers and DOIs of what was shared, as one line to carry in an address."""
    found = dict.fromkeys(map(str, recognise(" ".join(texts)[:5000])))
    return " ".join(list(found)[:MOST_NUMBERS])


def keep(files: list, *, by: Member) -> tuple[str, list[str]]:
    """(token, why some stay outside): the PDFs among `files` wait for their member; '' when there is none."""
    kept, refused = [], []
    for nth, file in enumerate(files):
        name = uploads.clean_name(file.name)
        try:
            if nth >= MOST_FILES:
                raise UploadRefused(
                    _("At most %(n)s files can be shared at once. Share this one again.") % {"n": MOST_FILES}
                )
            uploads.check(file)
            kept.append((name, file))
        except UploadRefused as why:
            refused.append(f"{name}: {why}")
    return (_write(kept, by) if kept else ""), refused


def _write(kept: list, by: Member) -> str:
    token = secrets.token_hex(16)
    folder = _home(by) / token
    folder.mkdir(parents=True, mode=0o700)
    for nth, (_name, file) in enumerate(kept):
        with (folder / f"{nth}.pdf").open("wb") as out:
            file.seek(0)
            shutil.copyfileobj(file, out)
    (folder / NAMES).write_text(json.dumps([name for name, _file in kept]))
    _leave_only(folder)
    return token


def _leave_only(newest: Path) -> None:
    """Delete the shares of the same member that arrived before this one, however many came at once."""
    mine = ((newest / NAMES).stat().st_mtime_ns, newest.name)
    for names in newest.parent.glob(f"*/{NAMES}"):
        with suppress(FileNotFoundError):  # the other one deletes, too
            if (names.stat().st_mtime_ns, names.parent.name) < mine:
                shutil.rmtree(names.parent, ignore_errors=True)


def waiting(token: str, *, by: Member) -> list[Waiting]:
    """What waits under this token, if it is this member's; [] when it has gone."""
    if not TOKEN.fullmatch(token):
        return []
    folder = _home(by) / token
    try:
        names = json.loads((folder / NAMES).read_text())
    except FileNotFoundError:
        return []
    return [Waiting(name, folder / f"{nth}.pdf") for nth, name in enumerate(names)]


def put_in(token: str, *, by: Membership) -> list[Arrived]:
    """Every waiting file onto the shelf of the member's group; then this share waits no more."""
    arrived, files = [], waiting(token, by=by.member)
    for one in files:
        try:
            with one.path.open("rb") as file:
                arrived.append(receive.take_in(File(file), one.name, by=by))
        except FileNotFoundError:  # pressed twice: the other press has it
            continue
    if files:
        shutil.rmtree(files[0].path.parent, ignore_errors=True)
    return arrived


def sweep(now: datetime) -> int:
    """Delete what waited for longer than an hour: whoever shared it has thought better of it."""
    forget = partial(_forget, now - KEPT_FOR)
    looked_at = failures.each(SHARES, _all().glob("*/*"), forget, now, group=lambda folder: None)
    return sum(gone for _folder, gone in looked_at)


def _forget(before: datetime, folder: Path) -> bool:
    """Delete a folder that waits since before that moment."""
    try:
        old = datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before
        if old:
            shutil.rmtree(folder)
    except FileNotFoundError:  # confirmed meanwhile
        return False
    return old


def _home(member: Member) -> Path:
    return _all() / str(member.pk)


def _all() -> Path:
    """Beside uploads that arrive: on the volume that all web processes share, and outside the backup."""
    return Path(settings.FILE_UPLOAD_TEMP_DIR) / "shared"
