"""Reads PDFs in a process apart (members.sandbox): the only way the app looks into a file.

A front is asked of pypdf first, of PDFium where that gave up or read no words, of tesseract where neither found any; cover and
text come from PDFium. A file that breaks its child costs that file only.
"""

import functools
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from members.sandbox.process import MIB, Limits, Reader, kept
from papers.extraction.metadata import Metadata, UnreadablePdf

FRONT, LIMITS_OF_FRONT = "papers.extraction.pipeline:read_front", Limits(memory=512 * MIB, seconds=12.0)
RESCUE, LIMITS_OF_RESCUE = "papers.extraction.rescue:rescue_front", Limits(memory=768 * MIB, seconds=7.0)
PAGES, LIMITS_OF_PAGES = "papers.extraction.pdfium:read_pages", Limits(memory=768 * MIB, seconds=8.0)
RECOGNISE, LIMITS_TO_RECOGNISE = "papers.extraction.recognise:recognise", Limits(memory=768 * MIB)
ALTOGETHER = 28.0  # seconds, recognising included
TO_RECOGNISE = (4.0, 22.0)  # seconds; with less left, letters are not recognised
LANGUAGES = ("kor", "eng")  # asked of tesseract, as far as they are installed
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


def read_front(path: str | Path) -> Metadata:
    """What the front page says, without recognition. Raises UnreadablePdf."""
    return _front(kept(), _existing(path))[0]


def read_pages(path: str | Path) -> Pages:
    """The cover and every page's text; what could not be made is empty."""
    return _pages(kept(), Path(path))


def read_pdf(path: str | Path, *, progress: Callable[[str], None] | None = None) -> Reading:
    """Front, cover and text; `progress` hears "front" and "pages" as each begins. Raises UnreadablePdf."""
    return _whole(kept(), path, progress or (lambda step: None))


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
    limits = replace(LIMITS_TO_RECOGNISE, seconds=min(most, seconds))
    found = running.ask(RECOGNISE, path, limits, program=program, languages=languages)
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
    first = running.ask(FRONT, path, LIMITS_OF_FRONT)
    if first.get("error") == "password":
        raise UnreadablePdf("password")
    if "card" in first and first["quality"] >= WORDLIKE:
        return Metadata.from_dict(first["card"]), first["quality"]
    second = running.ask(RESCUE, path, LIMITS_OF_RESCUE)
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
    found = running.ask(PAGES, path, LIMITS_OF_PAGES)
    return Pages(found.get("cover", b""), found.get("text", ""), found.get("count"))
