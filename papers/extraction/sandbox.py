"""Reads PDFs in a process apart: the only way the app looks into a file.

A reader process (child.py) has an empty environment, no network where the kernel allows, and forks a child with limits of
memory, time and files for every file and library. A file that breaks its child costs that file only.
"""

import base64
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from papers.extraction.metadata import Metadata, UnreadablePdf

CHILD = Path(__file__).with_name("child.py")
START_UP = 8.0  # seconds for a reader process to come up on a busy machine
WALL = {"front": 12.0, "rescue": 7.0, "pages": 8.0}
ALTOGETHER = 28.0  # seconds, recognising included
TO_RECOGNISE = (4.0, 22.0)  # seconds; with less left, letters are not recognised
LANGUAGES = ("kor", "eng")  # asked of tesseract, as far as they are installed
MOST_ANSWER = 10 * 1024 * 1024
WORDLIKE = 0.6  # below this share of words, what pypdf read is doubted and PDFium is asked too


@dataclass(frozen=True)
class Pages:
    """What there is besides the front: empty where it could not be made."""

    cover: bytes = b""  # the first page, WebP
    text: str = ""  # all pages, form feeds between
    count: int | None = None


@dataclass(frozen=True)
class Reading:
    metadata: Metadata
    pages: Pages
    seconds: float


class Reader:
    """A running reader process; each question is answered by a fresh limited child of it."""

    def __init__(self) -> None:
        command = [*_without_network(), sys.executable, "-I", str(CHILD)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout  # both are pipes
        self.questions, self.answers = self.process.stdin, self.process.stdout

    def ask(self, task: str, path: Path, **how: Any) -> dict:
        """The child's answer, or {"error": reason}; never longer than the task's time."""
        watch = threading.Timer((how["seconds"] if "seconds" in how else WALL[task]) + START_UP, self.kill)
        watch.start()
        try:
            request = json.dumps({"task": task, "path": str(path.resolve()), "how": how}).encode() + b"\n"
            self.questions.write(request)
            self.questions.flush()
            return json.loads(self.answers.readline(MOST_ANSWER))
        except (OSError, ValueError):
            return {"error": "crashed" if watch.is_alive() else "timeout"}
        finally:
            watch.cancel()

    def kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        with suppress(OSError):
            self.questions.close()
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.answers.close()


@contextmanager
def reader() -> Iterator[Reader]:
    running = Reader()
    try:
        yield running
    finally:
        running.close()


_kept = threading.local()


def warm() -> Reader:
    """The reader that this thread of this process keeps between files, so that its libraries are loaded once."""
    pid, running = getattr(_kept, "reader", (None, None))
    if running is None or pid != os.getpid() or running.process.poll() is not None:
        running = Reader()
        _kept.reader = (os.getpid(), running)
    return running


def read_front(path: str | Path) -> Metadata:
    """What the front page says, without recognition. Raises UnreadablePdf."""
    return _front(warm(), _existing(path))[0]


def read_pages(path: str | Path) -> Pages:
    """The cover and every page's text; what could not be made is empty."""
    return _pages(warm(), Path(path))


def read_pdf(path: str | Path, *, progress: Callable[[str], None] | None = None) -> Reading:
    """Front, cover and text; `progress` hears "front" and "pages" as each begins. Raises UnreadablePdf."""
    return _whole(warm(), path, progress or (lambda step: None))


def read_many(paths: Iterable[str | Path], *, workers: int = 2) -> Iterator[tuple[Path, Reading | UnreadablePdf]]:
    """Every file with its reading or its refusal, as they are done; a path is asked for shortly before it is read."""
    queue, jobs = iter(paths), dict[Future, Path]()
    with ThreadPoolExecutor(workers) as pool, _readers() as running:

        def go_on() -> None:
            for path in islice(queue, 2 * workers - len(jobs)):
                jobs[pool.submit(_one, running, Path(path))] = Path(path)

        go_on()
        while jobs:
            for job in wait(jobs, return_when=FIRST_COMPLETED).done:
                path = jobs.pop(job)
                go_on()
                yield path, job.result()


@contextmanager
def _readers() -> Iterator[list[Reader]]:
    """Readers that nobody uses just now; all are closed in the end."""
    idle: list[Reader] = []
    try:
        yield idle
    finally:
        for running in idle:
            running.close()


def _one(idle: list[Reader], path: Path) -> Reading | UnreadablePdf:
    running = idle.pop() if idle else Reader()
    try:
        return _whole(running, path, lambda step: None)
    except UnreadablePdf as error:
        return error
    finally:
        if running.process.poll() is None:
            idle.append(running)
        else:
            running.close()


def _whole(running: Reader, path: str | Path, progress: Callable[[str], None]) -> Reading:
    begun = time.monotonic()
    path = _existing(path)
    progress("front")
    metadata, quality = _front(running, path)
    progress("pages")
    pages = _pages(running, path)
    if quality < WORDLIKE:
        left = ALTOGETHER - (time.monotonic() - begun)
        metadata, pages = _recognised(running, path, metadata, pages, quality, left)
    return Reading(metadata, pages, time.monotonic() - begun)


def _recognised(
    running: Reader, path: Path, metadata: Metadata, pages: Pages, quality: float, seconds: float
) -> tuple[Metadata, Pages]:
    """What tesseract sees in the pages, where it is installed and sees words; otherwise what there is."""
    program, languages = _tesseract()
    least, most = TO_RECOGNISE
    if not program or seconds < least:
        return metadata, pages
    found = running.ask("recognise", path, program=program, languages=languages, seconds=min(most, seconds))
    if found.get("quality", 0.0) <= quality:
        return metadata, pages
    card = replace(
        Metadata.from_dict(found["card"]),
        active=metadata.active, image_only=metadata.image_only, pages=metadata.pages,
    )  # fmt: skip
    return card, replace(pages, text=found.get("text") or pages.text)


@functools.cache
def _tesseract() -> tuple[str, str]:
    """The program and the languages it knows, of those we ask for; empty where it is not installed."""
    program = shutil.which("tesseract")
    if not program:
        return "", ""
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "", ""
    languages = [language for language in LANGUAGES if language in said.split()]
    return (program, "+".join(languages)) if languages else ("", "")


def _existing(path: str | Path) -> Path:
    path = Path(path)
    if not path.is_file():
        raise UnreadablePdf("missing")
    if not path.stat().st_size:
        raise UnreadablePdf("empty")
    return path


def _front(running: Reader, path: Path) -> tuple[Metadata, float]:
    """The card, and how word-like the page is: pypdf's reading; PDFium's where pypdf gave up, or where what it read does not look like words."""
    first = running.ask("front", path)
    if first.get("error") == "password":
        raise UnreadablePdf("password")
    if "card" in first and first["quality"] >= WORDLIKE:
        return Metadata.from_dict(first["card"]), first["quality"]
    second = running.ask("rescue", path)
    best = max(
        (found for found in (first, second) if "card" in found), key=lambda found: found["quality"], default=None
    )
    if best is None:
        raise UnreadablePdf(_reason(first["error"], second["error"]))
    return Metadata.from_dict(best["card"]), best["quality"]


def _reason(first: str, second: str) -> str:
    """PDFium's word counts where it knows more than that the file is broken."""
    return second if first in ("broken", "crashed") and second in ("password", "no_pages", "not_pdf") else first


def _pages(running: Reader, path: Path) -> Pages:
    found = running.ask("pages", path)
    return Pages(base64.b64decode(found.get("cover", "")), found.get("text", ""), found.get("count"))


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The command that takes the network away, where the kernel lets us."""
    unshare = shutil.which("unshare")
    if not unshare:
        return ()
    try:
        tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return (unshare, "-rn", "--") if tried.returncode == 0 else ()
