"""The process that reads PDFs for `sandbox`: started as a script with `python -I`, it never meets the app.

It imports the libraries once and parses nothing itself. For every task, one JSON line on its standard input, it forks a
child that puts limits on itself, reads the one file, and writes what it finds piece by piece; so what was found before a
crash is kept. The answer is one JSON line.
"""

import base64
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

MIB = 1024 * 1024
MEMORY = {"front": 512 * MIB, "rescue": 768 * MIB, "pages": 768 * MIB, "recognise": 768 * MIB}
WALL = {"front": 12.0, "rescue": 7.0, "pages": 8.0}  # seconds; what is left of 30 is for recognising
CPU = 10
MOST_OUTPUT = 8 * MIB
MOST_INPUT = 200 * MIB


def load(task: str) -> None:
    """Imports what the task needs, once, before anything is read."""
    if task == "front":
        import papers.extraction.pipeline  # noqa: F401, PLC0415
    else:
        import PIL.WebPImagePlugin  # noqa: F401, PLC0415

        import papers.extraction.rescue  # noqa: F401, PLC0415
    if task == "recognise":
        import PIL.PpmImagePlugin  # noqa: F401, PLC0415

        import papers.extraction.recognise  # noqa: F401, PLC0415


def front(data: bytes) -> Iterator:
    from papers.extraction.pipeline import read_front  # noqa: PLC0415

    yield read_front(data)


def rescue(data: bytes) -> Iterator:
    from papers.extraction.rescue import rescue_front  # noqa: PLC0415

    yield rescue_front(data)


def pages(data: bytes) -> Iterator:
    from papers.extraction import pdfium  # noqa: PLC0415

    document = pdfium.open_document(data)
    yield {"count": len(document)}
    yield {"text": pdfium.whole_text(document)}
    yield {"cover": base64.b64encode(pdfium.cover(document)).decode()}


def recognise(data: bytes, **how: Any) -> Iterator:
    from papers.extraction.recognise import recognise  # noqa: PLC0415

    yield from recognise(data, **how)


TASKS = {"front": front, "rescue": rescue, "pages": pages, "recognise": recognise}


def limit(task: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY[task], MEMORY[task]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def work(task: str, path: str, how: dict, out: int) -> None:
    """In the forked child: read one file under limits, write one JSON line per piece."""
    from papers.extraction.metadata import UnreadablePdf  # noqa: PLC0415

    limit(task)
    try:
        data = read(path)
        for piece in TASKS[task](data, **how):
            write(out, piece)
        write(out, {"done": True})
    except UnreadablePdf as error:
        write(out, {"error": error.reason})
    except MemoryError:
        write(out, {"error": "memory"})
    except Exception:  # whatever a library raised: the file is beyond it
        write(out, {"error": "broken"})


def read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MOST_INPUT)


def write(out: int, piece: dict) -> None:
    line = json.dumps(piece).encode() + b"\n"
    while line:
        line = line[os.write(out, line) :]


def run(task: str, path: str, how: dict) -> dict:
    """Forks, waits, ends the child in time; the pieces it wrote, and how it ended."""
    source, sink = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(source)
            work(task, path, how, sink)
            status = 0
        finally:
            os._exit(status)
    os.close(sink)
    output, late = collect(source, time.monotonic() + how.get("seconds", WALL.get(task, 0.0)))
    os.close(source)
    if late:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return answer(output, late, status)


def collect(source: int, until: float) -> tuple[bytes, bool]:
    """What comes out of the pipe until it is closed; late when time or room ran out first."""
    output = bytearray()
    while len(output) <= MOST_OUTPUT:
        ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return bytes(output), True
        piece = os.read(source, 1 << 16)
        if not piece:
            return bytes(output), False
        output += piece
    return bytes(output), True


def answer(output: bytes, late: bool, status: int) -> dict:
    found: dict = {}
    for line in output.split(b"\n"):
        try:
            found |= json.loads(line)
        except ValueError:
            break
    if not found.get("done") and "error" not in found:
        out_of_time = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL))
        found["error"] = "timeout" if out_of_time else "crashed"
    return found


def serve() -> None:
    for line in sys.stdin.buffer:
        request = json.loads(line)
        load(request["task"])
        sys.stdout.buffer.write(json.dumps(run(**request)).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
