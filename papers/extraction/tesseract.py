"""A process beside the child that reads a PDF: it alone can start a program, and starts tesseract for every picture.

It is forked before the child gives up what it does not need. It gives up all files but those of installed programs, and tesseract
besides all that is not needed to look at a picture: network, other processes. What passes through is not looked into here.
"""

import os
import signal
import struct
import subprocess
from typing import IO

from members.sandbox import lockdown

HEAD = struct.Struct("!IQ")  # dots per inch, length


class Tesseract:
    """The child's side: pictures go in, hOCR comes out. Making it starts the process, which ends when nobody asks any more."""

    def __init__(self, program: str, languages: str):
        (theirs, asking), (hearing, answering) = os.pipe(), os.pipe()
        if os.fork() == 0:
            try:
                os.close(asking)
                os.close(hearing)
                lockdown.die_with_parent(signal.SIGKILL)
                lockdown.close_paths((*lockdown.PROGRAMS, program))
                command = [program, "stdin", "stdout", "-l", languages, "--psm", "3"]
                serve(os.fdopen(theirs, "rb"), os.fdopen(answering, "wb"), command)
            finally:
                os._exit(0)
        os.close(theirs)
        os.close(answering)
        self.questions, self.answers = os.fdopen(asking, "wb"), os.fdopen(hearing, "rb")

    def hocr(self, pixels: bytes, dpi: int) -> str:
        """Return what tesseract sees in a picture (PGM), empty where it fails."""
        send(self.questions, dpi, pixels)
        _dpi, found = receive(self.answers)
        return found.decode("utf8", "replace")


def serve(questions: IO[bytes], answers: IO[bytes], command: list[str]) -> None:
    """Answer one picture after the other. Raise struct.error when nobody asks any more."""
    while True:
        dpi, pixels = receive(questions)
        try:
            done = subprocess.run(
                [*command, "--dpi", str(dpi), "hocr"],
                input=pixels,
                stdout=subprocess.PIPE,
                env={"OMP_THREAD_LIMIT": "1"},
                preexec_fn=confine,  # noqa: PLW1509 (this process has one thread)
                check=True,
            )
        except (OSError, subprocess.SubprocessError, MemoryError):
            send(answers, dpi, b"")
        else:
            send(answers, dpi, done.stdout)


def confine() -> None:
    """Run in the process that is about to become tesseract."""
    lockdown.die_with_parent(signal.SIGKILL)
    lockdown.keep_calls(lockdown.COMPUTING + lockdown.BEING_A_PROGRAM)


def send(out: IO[bytes], dpi: int, body: bytes) -> None:
    out.write(HEAD.pack(dpi, len(body)))
    out.write(body)
    out.flush()


def receive(source: IO[bytes]) -> tuple[int, bytes]:
    dpi, length = HEAD.unpack(source.read(HEAD.size))
    return dpi, source.read(length)
