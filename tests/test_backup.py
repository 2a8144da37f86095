"""A backup made while people work, brought back elsewhere: the same rows, the same bytes, and life goes on."""

import hashlib
import io
import json
import stat
import subprocess
import sys
import zipfile
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from studygroup.backup_archive import MANIFEST, ROWS, ArchiveError
from studygroup.backups import back_up, restore
from tests import make, prepared, servers
from tests.stack import House, clean_environment
from tests.translatable import ROOT

# A paper comes, another goes for good: sixty times, as fast as it can.
WORK = """
from datetime import timedelta
from django.core.files.base import ContentFile
from django.utils.timezone import now
from members.models import Membership
from papers import library
from papers.models import Paper
by = Membership.objects.first()
for n in range(60):
    data = b"%PDF-1.7 " + str(n).encode() * 5000
    paper = library.add_paper(ContentFile(data, name=f"{n}.pdf"), group=by.group, by=by).paper
    print(n, flush=True)
    if n % 2:
        library.trash(paper, by=by)
        library.purge(now() + timedelta(days=40))
"""


@contextmanager
def database(kind):
    """A DATABASE_URL that is empty for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    with servers.postgres() as url:
        if not url:
            pytest.skip("no PostgreSQL on this machine")
        yield url


def house(folder, database_url=""):
    folder.mkdir(exist_ok=True)
    return House("", clean_environment(DATA_DIR=str(folder), DATABASE_URL=database_url))


def rows_of(archive):
    """{(model, pk): fields} of a backup."""
    rows = [json.loads(line) for line in zipfile.ZipFile(archive).read(ROWS).splitlines()]
    return {(row["model"], row["pk"]): row["fields"] for row in rows}


def files_of(archive):
    manifest = json.loads(zipfile.ZipFile(archive).read(MANIFEST))
    return {name: facts for name, facts in manifest["files"].items() if name != ROWS}


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="session")
def demo_backup(tmp_path_factory):
    """The demo group, backed up from SQLite."""

    def make(archive):
        source = house(tmp_path_factory.mktemp("source") / "data")
        source.migrate()
        source.manage("demo")
        source.manage("backup", str(archive))

    return prepared.once("demo.zip", make)


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_restored_is_what_was_backed_up_and_goes_on(demo_backup, tmp_path, kind):
    with database(kind) as url:
        target = house(tmp_path / "data", url)
        assert "Restored" in target.manage("restore", str(demo_backup))
        target.manage("backup", str(tmp_path / "again.zip"))
        rows = rows_of(tmp_path / "again.zip")
        (restored,) = rows.keys() - rows_of(demo_backup).keys()
        assert (rows.pop(restored)["kind"], rows) == ("backup_restored", rows_of(demo_backup))
        assert files_of(tmp_path / "again.zip") == files_of(demo_backup) != {}
        again = target.manage(
            "shell", "--no-imports", "-c",
            "from papers.models import Paper; from papers.search.index import search;"
            "paper = Paper.objects.exclude(title='').first(); papers = paper.group.papers;"
            "print(paper in search(papers.all(), paper.title), papers.create(title='new').pk > paper.pk)",
        )  # fmt: skip
        assert again.split() == ["True", "True"]


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_made_while_papers_come_and_go_is_of_one_moment(tmp_path, kind):
    with database(kind) as url:
        source = house(tmp_path / "data", url)
        source.migrate()
        source.found(name="Study", email="olivia@example.org", person="Olivia")
        work = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WORK]
        with subprocess.Popen(work, cwd=ROOT, env=source.environment, stdout=subprocess.PIPE, text=True) as worker:
            worker.stdout.readline()
            archives = []
            while worker.poll() is None and len(archives) < 2:
                archives.append(tmp_path / f"{len(archives)}.zip")
                source.manage("backup", str(archives[-1]))
            worker.stdout.read()
            assert worker.wait(servers.PATIENCE) == 0
        assert archives
        for archive in archives:
            rows = rows_of(archive)
            named = {
                f"media/{fields['file']}": fields["sha256"]
                for (model, _pk), fields in rows.items()
                if model == "papers.paperfile"
            }
            assert {name: sha for name, (_size, sha) in files_of(archive).items()} == named
            assert len(named) == len([1 for model, _pk in rows if model == "papers.paper"])


@pytest.mark.django_db(transaction=True)
def test_the_backup_says_what_it_holds_and_misses():
    file = make.paper_file(data=b"%PDF-1.7 one")
    gone = make.paper_file(data=b"%PDF-1.7 two")
    gone.file.storage.delete(gone.file.name)
    stream = io.BytesIO()
    manifest = back_up(stream)
    assert manifest["missing"] == [gone.file.name]
    assert files_of(stream) == {f"media/{file.file.name}": [12, hashlib.sha256(b"%PDF-1.7 one").hexdigest()]}
    assert (manifest["rows"]["papers.paper"], manifest["rows"]["papers.paperfile"]) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_passwords_are_kept_and_sessions_are_not(sign_in):
    alice = make.person("Alice")
    sign_in(alice)
    stream = io.BytesIO()
    back_up(stream)
    rows = rows_of(stream)
    assert rows["members.member", alice.pk]["password"] == alice.password
    assert {model for model, _pk in rows} == {"members.member", "members.auditevent"}  # who signed in is kept


@pytest.mark.django_db(transaction=True)
def test_only_the_owner_reads_a_backup_and_none_is_overwritten(tmp_path):
    make.person("Alice")
    path = tmp_path / "study.zip"
    call_command("backup", str(path), stderr=io.StringIO())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(CommandError, match="exists. Give another name."):
        call_command("backup", str(path))
    assert (path.read_bytes() == before, names_in(tmp_path)) == (True, ["incoming", "static", "study.zip"])


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(CommandError, match="could not be written: No such file or directory."):
        call_command("backup", str(tmp_path / "none" / "study.zip"))


@pytest.mark.django_db
def test_nothing_is_restored_over_people(study):
    with pytest.raises(ArchiveError, match="There are people here already"):
        restore(io.BytesIO())


@pytest.mark.django_db
def test_nothing_is_restored_over_files(settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "mine.pdf").write_bytes(b"mine")
    with pytest.raises(ArchiveError, match="is not empty. Move it away first"):
        restore(io.BytesIO())
    assert (settings.MEDIA_ROOT / "mine.pdf").read_bytes() == b"mine"


def altered(archive, **facts):
    """The same backup with another manifest."""
    stream = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == MANIFEST:
                data = json.dumps(json.loads(data) | facts)
            new.writestr(entry, data)
    return stream


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_backup_of_another_version_is_refused_and_leaves_nothing(demo_backup, settings):
    migrations = json.loads(zipfile.ZipFile(demo_backup).read(MANIFEST))["migrations"]
    with pytest.raises(
        ArchiveError, match=r"made by a newer version, with .*schedule.9999_later; here it is .*schedule.0"
    ):
        restore(altered(demo_backup, migrations=[*migrations, ["schedule", "9999_later"]]))
    with pytest.raises(ArchiveError, match="made by an older version, with members.0.*; here it is members.0"):
        restore(altered(demo_backup, migrations=migrations[:-1]))
    with pytest.raises(ArchiveError, match="did not take every row"):
        restore(altered(demo_backup, rows={"members.member": 4}))
    assert make.Member.objects.count() == 0
    assert names_in(settings.MEDIA_ROOT.parent) == ["incoming", "static"]
