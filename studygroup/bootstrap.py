"""Makes .venv and installs the pinned packages, once; then everything runs in it. Standard library only.

Where the packages are importable already (a container image, an environment of one's own) nothing is installed.
"""

import hashlib
import os
import subprocess
import sys
from collections import deque
from importlib.util import find_spec
from pathlib import Path

LOCKS = ("requirements.txt", "requirements-dev.txt")
# another project's Django is not enough to call the packages installed
TELLING = (("django", "celery", "allauth", "pypdf"), ("django", "celery", "allauth", "pypdf", "pytest_django"))


def prepare(manage_py: str, *, tests: bool) -> None:
    """Return when the packages are importable; else install them and start the same command again inside .venv."""
    home = Path(manage_py).resolve().parent
    venv = home / ".venv"
    inside = Path(sys.prefix).resolve() == venv.resolve()  # which may be a link to an environment elsewhere
    if not inside and not venv.exists() and all(map(find_spec, TELLING[tests])):
        return
    if not _is_installed(venv, home, tests):
        _make(venv)
        _install(venv, home / LOCKS[tests])
        _mark(venv, tests).write_text(_fingerprint(home, tests))
    elif inside:
        return
    python = str(_python(venv))
    os.execv(python, [python, *sys.argv])


def _is_installed(venv, home, tests):
    """The locks that were installed last are these; what tests need contains what the app needs."""
    return _python(venv).exists() and any(
        _mark(venv, dev).exists() and _mark(venv, dev).read_text() == _fingerprint(home, dev)
        for dev in ([True] if tests else [False, True])
    )


def _mark(venv, tests):
    return venv / f".{LOCKS[tests]}.installed"


def _fingerprint(home, tests):
    return hashlib.sha256(b"".join((home / lock).read_bytes() for lock in LOCKS[: 1 + tests])).hexdigest()


def _python(venv):
    return venv / "bin" / "python"


def _make(venv):
    if not os.access(venv if venv.exists() else venv.parent, os.W_OK):
        sys.exit(f"{venv.parent} cannot be written to. Put the project into a folder of your own, then try again.")
    if _python(venv).exists():
        return
    pip = [] if not _uv() else ["--without-pip"]
    if not pip and not find_spec("ensurepip"):
        sys.exit("This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv")
    _say(f"Making {venv.name} …")
    _run([sys.executable, "-m", "venv", "--clear", *pip, str(venv)], "The environment could not be made.")


def _install(venv, lock):
    pins = [line for line in lock.read_text("utf8").splitlines() if "==" in line and not line.startswith((" ", "#"))]
    _say(f"Installing {len(pins)} packages from {lock.name}; the first time this takes a minute …")
    python = str(_python(venv))
    if _uv():
        command = ["uv", "pip", "install", "--python", python]
        if sys.dont_write_bytecode:  # else Python keeps it by itself, and not keeping it makes every start slow
            command.append("--compile-bytecode")
    else:
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
            _run([python, "-m", "ensurepip"], "pip could not be installed.")
        command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2"]
    _run(
        [*command, "--require-hashes", "-r", str(lock)],
        "The packages could not be installed. Is there a network that reaches PyPI? Then try again.",
    )


def _uv():
    try:
        return subprocess.run(["uv", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _run(command, complaint):
    """Tell of each package as it comes; of anything else only when it went wrong."""
    last_words = deque(maxlen=8)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            last_words.append(line)
            if line.startswith(("Collecting", "Processing", "Downloading")):
                print(f"  {Path(line.split()[1]).name:<60}", end="\r" if sys.stdout.isatty() else "\n", flush=True)
    if process.returncode:
        sys.exit(f"{''.join(last_words)}\n{complaint}")


def _say(words):
    print(words, flush=True)
