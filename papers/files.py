"""Handing out bytes: a part of a file when asked for a part, a file name in every script, no sniffing, no scripts."""

import re

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from papers.clean_text import clean_text
from papers.models import Paper, PaperFile

RANGE = re.compile(r"^bytes=([0-9]{0,15})-([0-9]{0,15})$")
NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*%]+')
CHUNK = 64 * 1024
# what a file that somebody uploaded may do in the reader's browser: be seen. Browsers' own viewers show a PDF under it.
POLICY = "default-src 'none'; sandbox"


def file_name(paper: Paper, file: PaperFile) -> str:
    """'GIRAFFE Representing Scenes (2021)' without an ending: the title's words, or else what the person called it."""
    return file_name_of(paper, called=re.sub(r"\.pdf$", "", file.name, flags=re.IGNORECASE))


def file_name_of(paper: Paper, called: str = "") -> str:
    """The title's words and the year, without what file systems dislike."""
    said = f"{paper.title} ({paper.year})" if paper.title and paper.year else paper.title or called
    name = clean_text(NOT_IN_FILE_NAMES.sub(" ", said), 120).strip(". ")
    while len(name.encode()) > 200:
        name = name[:-1].strip()
    return name or "paper"


def serve_pdf(request, paper: Paper, file: PaperFile) -> HttpResponseBase:
    """The PDF, whole or the one range asked for; shown in the browser unless ?download is asked."""
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _private(HttpResponse(status=304), etag)
    part = _range(request.headers.get("Range", ""), file.size)
    if request.headers.get("If-Range", etag) != etag:
        part = None
    response: HttpResponseBase
    if part == ():
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    elif part:
        response = _part(file, *part)
    else:
        response = FileResponse(_open(file.file), content_type="application/pdf")
        response.headers["Content-Length"] = file.size
    response.headers["Accept-Ranges"] = "bytes"
    if disposition := content_disposition_header("download" in request.GET, f"{file_name(paper, file)}.pdf"):
        response.headers["Content-Disposition"] = disposition
    return _private(response, etag)


def serve_cover(request, file: PaperFile) -> HttpResponseBase:
    etag = f'"{file.pk}-{str(file.cover).rpartition("/")[2]}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = FileResponse(_open(file.cover), content_type="image/webp")
    response = _private(response, etag)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _range(header: str, size: int) -> tuple | None:
    """'bytes=0-99' -> (0, 99); () when it lies outside; None when the whole file is the answer."""
    asked = RANGE.match(header.strip())
    if not asked or asked.groups() == ("", ""):
        return None
    start, end = asked.groups()
    last = min(int(end), size - 1) if start and end else size - 1
    first = int(start) if start else size - min(int(end), size)
    return (first, last) if first <= last else ()


class FileRange:
    """The bytes of an open file from `first` to `last`, both included; closed with the response."""

    def __init__(self, opened, first: int, last: int):
        self.opened, self.left = opened, last - first + 1
        opened.seek(first)
        self.close = opened.close

    def __iter__(self):
        while self.left and (chunk := self.opened.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk


def _part(file: PaperFile, first: int, last: int) -> StreamingHttpResponse:
    part = FileRange(_open(file.file), first, last)
    response = StreamingHttpResponse(part, status=206, content_type="application/pdf")
    response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    response.headers["Content-Length"] = last - first + 1
    return response


def _open(stored):
    try:
        return stored.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is gone from storage.") from error


def _private(response, etag: str):
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
