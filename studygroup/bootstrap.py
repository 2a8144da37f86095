"""Makes .venv and installs the pinned packages, once; then everything runs in it. Standard library only.

Where the packages are importable already (a container image, an environment of one's own) nothing is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

LOCKS = ("requirements.txt", "requirements-dev.txt")


def prepare(manage_py: str, *, tests: bool) -> None:
    """Return when the packages are importable; else install them and start the same command again inside .venv."""
    home = Path(manage_py).resolve().parent
    venv = home / ".venv"
    inside = Path(sys.prefix).resolve() == venv
    if not inside and not venv.exists() and find_spec("django") and (not tests or find_spec("pytest_django")):
        return
    lock = home / LOCKS[tests]
    if not _is_installed(venv, home, tests):
        _make(venv)
        _install(venv, lock)
        _mark(venv, lock).write_text(_fingerprint(lock))
    elif inside:
        return
    python = _python(venv)
    os.execv(python, [str(python), *sys.argv])


def _is_installed(venv, home, tests):
    """The lock that was installed last is this one; what tests need contains what the app needs."""
    locks = [home / LOCKS[1]] if tests else [home / name for name in LOCKS]
    return any(_mark(venv, lock).exists() and _mark(venv, lock).read_text() == _fingerprint(lock) for lock in locks)


def _mark(venv, lock):
    return venv / f".{lock.name}.installed"


def _fingerprint(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _python(venv):
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _make(venv):
    if _python(venv).exists():
        return
    uv = shutil.which("uv")
    if not uv and not find_spec("ensurepip"):
        sys.exit(
            "This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv, then try again."
        )
    if not os.access(venv.parent, os.W_OK):
        sys.exit(f"{venv.parent} cannot be written to. Put the project into a folder of your own, then try again.")
    _say(f"Making {venv.name} …")
    _run(
        [sys.executable, "-m", "venv", *(["--without-pip"] if uv else []), str(venv)],
        "The environment could not be made.",
    )


def _install(venv, lock):
    names = [line for line in lock.read_text("utf8").splitlines() if "==" in line and not line.startswith((" ", "#"))]
    _say(f"Installing {len(names)} packages from {lock.name}; the first time this takes a minute …")
    uv, python = shutil.which("uv"), str(_python(venv))
    if uv:
        command = [uv, "pip", "install", "--python", python, "--require-hashes", "-r", str(lock)]
    else:
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
            _run([python, "-m", "ensurepip"], "pip could not be installed.")
        command = [
            python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--require-hashes",
            "-q",
            "-r",
            str(lock),
        ]
    _run(command, "The packages could not be installed. Is there a network that reaches PyPI? Then try again.")


def _run(command, complaint):
    if subprocess.run(command).returncode:
        sys.exit(complaint)


def _say(words):
    print(words, flush=True)
