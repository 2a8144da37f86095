"""The program that recognises letters sees installed programs, and nothing of ours."""

import os
import subprocess
import sys

import pytest

from papers.extraction.tesseract import Tesseract

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines a process in this way")
# what a program in wrong hands would try, as far as a shell can by itself; it says what it could do
PROGRAM = """#!/bin/sh
trap "exit 0" EXIT
true < /usr/bin/env && echo read a program
read line < "{folder}/db.sqlite3" && echo read the database
read line < /proc/{pid}/environ; test -n "$line" && echo read an environment
read line < /proc/self/status && echo read about itself
true > "{folder}/new" && echo wrote a file
kill -0 {pid} && echo found another process
echo came to the end
/bin/true && echo started another program
"""
ALL = [line.partition("echo ")[2] for line in PROGRAM.splitlines() if "echo " in line]


@pytest.fixture
def program(tmp_path):
    (tmp_path / "db.sqlite3").write_text("rows\n")
    path = tmp_path / "program"
    path.write_text(PROGRAM.format(folder=tmp_path, pid=os.getpid()))
    path.chmod(0o755)
    return path


def test_each_attempt_is_a_real_one(program):
    assert subprocess.run([program], capture_output=True, text=True, check=False).stdout.splitlines() == ALL


def asked(program, *pictures) -> list[str]:
    tesseract = Tesseract(str(program), "kor+eng")
    with tesseract.questions, tesseract.answers:
        return [tesseract.hocr(picture, dpi) for picture, dpi in pictures]


def test_a_program_in_wrong_hands_gets_nowhere(program):
    (said,) = asked(program, (b"P5 1 1 255\n\0", 300))
    assert said.splitlines() == ["read a program", "came to the end"]


def test_it_is_asked_for_one_picture_after_the_other(program):
    program.write_text("#!/bin/sh\nread line\necho $line $*\n")
    assert asked(program, (b"one\n", 200), (b"two\n", 300)) == [
        "one stdin stdout -l kor+eng --psm 3 --dpi 200 hocr\n",
        "two stdin stdout -l kor+eng --psm 3 --dpi 300 hocr\n",
    ]
