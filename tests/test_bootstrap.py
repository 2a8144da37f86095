"""From bare Python to an environment of its own: a real interpreter, real venvs, and a package index in a folder."""

import ast
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.translatable import ROOT

NOBODY = 65534
START = """
import sys
from studygroup.bootstrap import prepare
{before}
prepare(__file__, tests=sys.argv[1:] == ["test"])
import tiny
print("in", sys.prefix, "with", tiny.VERSION, *sys.argv[1:])
"""


def fresh(folder):
    """The bootstrap in a folder of its own, with a start script and locks that ask for one tiny package."""
    (folder / "studygroup").mkdir(parents=True)
    for name in ("__init__.py", "bootstrap.py"):
        (folder / "studygroup" / name).write_bytes((ROOT / "studygroup" / name).read_bytes())
    (folder / "start.py").write_text(START.format(before=""))
    lock(folder, "1.0", "requirements.txt", "requirements-dev.txt")
    return folder


@pytest.fixture
def project(tmp_path):
    return fresh(tmp_path / "project")


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A project after its first start with pip, for many to copy: making an environment takes pip five seconds."""
    folder = fresh(tmp_path_factory.mktemp("started") / "project")
    code, said = start(folder, "up", "--port", "1")
    assert code == 0, said
    return said, folder


@pytest.fixture
def ready(started, tmp_path):
    shutil.copytree(started[1].parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "project"


def lock(folder, version, *names):
    digest = hashlib.sha256(wheel(folder.parent / "index", version).read_bytes()).hexdigest()
    for name in names:
        (folder / name).write_text(f"tiny=={version} \\\n    --hash=sha256:{digest}\n")


def wheel(index, version, *, more="") -> Path:
    """A wheel as pip and uv want it: one module, its metadata, and a record of both."""
    index.mkdir(exist_ok=True)
    info = f"tiny-{version}.dist-info"
    files = {
        "tiny.py": f"VERSION = {version!r}\n{more}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for name, text in files.items()
    )
    path = index / f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    return path


def start(project, *words, uv=False, index=True, code=None):
    """Run start.py with a Python that has no packages; (exit code, what it said)."""
    folders = os.environ["PATH"].split(os.pathsep)
    if not uv:
        folders = [folder for folder in folders if not (Path(folder) / "uv").exists()]
    environment = {
        "PATH": os.pathsep.join(folders),
        "HOME": str(project),
        "PIP_NO_INDEX": "1",
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(project.parent / "uv-cache"),
    }
    if index:
        environment |= {name: str(project.parent / "index") for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS")}
    program = ["-c", code] if code else ["start.py"]
    done = subprocess.run(
        [sys._base_executable, "-S", *program, *words], cwd=project, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_the_first_start_installs_and_the_second_goes_straight_in(started):
    said, folder = started
    assert said == (
        "Making .venv …\n"
        "Installing 1 packages from requirements.txt; the first time this takes a minute …\n"
        f"  {'tiny-1.0-py3-none-any.whl':<60}\n"
        f"in {folder / '.venv'} with 1.0 up --port 1\n"
    )
    assert start(folder, "up", index=False) == (0, f"in {folder / '.venv'} with 1.0 up\n")


@pytest.mark.skipif(not shutil.which("uv"), reason="no uv on this machine")
def test_uv_installs_where_it_is_on_the_path(project):
    code, said = start(project, "up", uv=True)
    assert (code, said.splitlines()[-1]) == (0, f"in {project / '.venv'} with 1.0 up"), said
    assert not list(project.glob(".venv/lib/*/site-packages/pip"))


def test_a_new_lock_is_installed_and_tests_bring_their_own(ready):
    lock(ready, "2.0", "requirements.txt")
    code, said = start(ready)
    assert (code, "Installing 1 packages from requirements.txt" in said, said.split()[-1]) == (0, True, "2.0"), said
    lock(ready, "3.0", "requirements-dev.txt")
    code, said = start(ready, "test")
    assert (code, "from requirements-dev.txt" in said, said.split()[-2:]) == (0, True, ["3.0", "test"]), said
    assert start(ready, "up") == (0, f"in {ready / '.venv'} with 3.0 up\n")


def test_an_environment_whose_python_is_gone_is_made_again(ready):
    python = ready / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(ready / "an-older-python")
    code, said = start(ready)
    assert (code, said.splitlines()[0], said.split()[-1]) == (0, "Making .venv …", "1.0"), said


def test_where_the_packages_are_already_nothing_is_made(project):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from studygroup.bootstrap import prepare; prepare('start.py', tests=True); print('on')",
        ],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("on\n", "")
    assert not (project / ".venv").exists()


def test_a_file_that_is_not_the_one_of_the_lock_is_refused(ready):
    lock(ready, "2.0", "requirements.txt")
    wheel(ready.parent / "index", "2.0", more="print('not what was locked')")
    code, said = start(ready)
    assert code == 1
    assert "hash" in said.lower()


def test_without_a_network_the_last_line_says_what_to_do(ready):
    lock(ready, "2.0", "requirements.txt")
    code, said = start(ready, index=False)
    assert (code, said.splitlines()[-1]) == (
        1,
        "The packages could not be installed. Is there a network that reaches PyPI? Then try again.",
    )
    assert start(ready)[0] == 0  # and trying again is enough


def test_a_python_without_ensurepip_is_one_clear_line(project):
    (project / "start.py").write_text(START.format(before="sys.modules['ensurepip'] = None"))
    assert start(project) == (
        1,
        "This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv\n",
    )
    assert not (project / ".venv").exists()


def test_a_folder_of_somebody_else_is_one_clear_line(project):
    with tempfile.TemporaryDirectory() as theirs:
        shutil.copytree(project, theirs, dirs_exist_ok=True)
        Path(theirs).chmod(0o555)
        lose_rights = f"import os; os.getuid() or os.setuid({NOBODY})"
        call = f"prepare({theirs + '/start.py'!r}, tests=False)"
        said = start(Path(theirs), code=f"from studygroup.bootstrap import prepare; {lose_rights}; {call}")
    sentence = f"{theirs} cannot be written to. Put the project into a folder of your own, then try again.\n"
    assert said == (1, sentence)


def test_an_older_python_can_read_as_far_as_the_line_that_refuses_it():
    source = (ROOT / "manage.py").read_text("utf8")
    ast.parse(source, feature_version=(3, 6))
    pretend = f"import sys; sys.version_info = (3, 9, 2); exec({source!r})"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "Python 3.11 or newer is needed; this is 3.9. Try: python3.11 manage.py up\n",
    )


def test_an_environment_that_is_a_link_is_used_as_it_is(ready):
    elsewhere = ready.parent / "elsewhere"
    (ready / ".venv").rename(elsewhere)
    (ready / ".venv").symlink_to(elsewhere)
    code, said = start(ready, "up")
    assert (code, "with 1.0 up" in said) == (0, True), said
