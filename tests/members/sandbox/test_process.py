"""The process apart: real children, real files, real limits."""

import io
import os
import signal
import time
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from members.sandbox import process
from members.sandbox.process import MIB, Limits, Reader, reader, run

TASKS = "tests.members.sandbox.tasks"
LIMITS = Limits(memory=256 * MIB, seconds=3.0, cpu=2, output=MIB)


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "inbox" / "paper.txt"
    path.parent.mkdir()
    path.write_bytes(b"words\0\xff")
    return path


def received(data: bytes) -> TemporaryUploadedFile:
    upload = TemporaryUploadedFile("paper.txt", "text/plain", len(data), None)
    upload.write(data)
    upload.flush()
    return upload


def test_a_task_gets_the_whole_file_from_a_path_from_memory_and_from_an_upload(paper):
    data = paper.read_bytes()
    half_read = io.BytesIO(data)
    half_read.read(3)
    for file in (paper, str(paper), data, half_read, SimpleUploadedFile("paper.txt", data), received(data)):
        assert run(f"{TASKS}:describe", file, LIMITS, width=3, mark=b"\xfe") == {
            "data": data, "length": 7, "width": 3, "mark": b"\xfe",
        }  # fmt: skip
    assert [path.name for path in paper.parent.iterdir()] == ["paper.txt"]


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("refuse", {"begun": True, "error": "too_round"}),
        ("stumble", {"error": "broken"}),
        ("sleep", {"begun": True, "error": "timeout"}),
        ("grow", {"error": "memory"}),
        ("compute", {"error": "timeout"}),
        ("crash", {"begun": True, "error": "crashed"}),
    ],
)
def test_a_task_that_ends_badly_says_how_and_keeps_what_it_found(task, answer):
    assert run(f"{TASKS}:{task}", b"words", LIMITS) == answer


def test_an_answer_that_never_ends_is_cut_off():
    begun = time.monotonic()
    assert run(f"{TASKS}:talk", b"", LIMITS)["error"] == "timeout"
    assert time.monotonic() - begun < LIMITS.seconds


@pytest.mark.parametrize(
    "words",
    [
        b"\xff\n",
        b"[1]\n",
        b'{"a": 1',
        b"[" * 100_000 + b"\n",
        b'{"__bytes__": "?"}\n',
        b'{"__bytes__": 5}\n',
        b'"missing"\n',
    ],
)
def test_what_is_no_answer_of_ours_is_not_taken_for_one(words):
    assert run(f"{TASKS}:mumble", words, LIMITS) == {"begun": True, "error": "crashed"}


def test_a_file_that_is_not_there_says_so(tmp_path):
    assert run(f"{TASKS}:describe", tmp_path / "nothing", LIMITS) == {"error": "missing"}


def test_a_kept_process_answers_one_question_after_the_other_whatever_became_of_the_last(paper):
    with reader() as running:
        pid = running.process.pid
        assert running.ask(f"{TASKS}:crash", paper, LIMITS)["error"] == "crashed"
        assert running.ask(f"{TASKS}:sleep", paper, replace(LIMITS, seconds=0.2))["error"] == "timeout"
        assert running.ask(f"{TASKS}:describe", paper, LIMITS)["length"] == 7
        assert (running.process.pid, running.process.poll()) == (pid, None)
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)


def test_a_process_that_does_not_come_up_in_time_is_ended(paper, monkeypatch):
    monkeypatch.setattr(process, "START_UP", 0.001)
    with reader() as running:
        assert running.ask(f"{TASKS}:describe", paper, replace(LIMITS, seconds=0.0)) == {"error": "timeout"}
        assert running.process.wait(5) == -signal.SIGKILL


def test_a_killed_process_is_a_crash_not_an_exception(paper):
    with reader() as running:
        os.kill(running.process.pid, signal.SIGKILL)
        assert running.ask(f"{TASKS}:describe", paper, LIMITS) == {"error": "crashed"}


def test_a_thread_keeps_one_process_and_gets_another_when_that_has_ended(paper):
    first = process.kept()
    assert process.kept() is first
    first.close()
    second = process.kept()
    assert isinstance(second, Reader) and second is not first
    assert second.ask(f"{TASKS}:describe", paper, LIMITS)["length"] == 7
    second.close()


def test_a_child_that_ends_before_it_is_done_or_stays_after_it_has_no_answer_left_has_crashed():
    begun = time.monotonic()
    assert run(f"{TASKS}:leave", b"", LIMITS) == {"begun": True, "error": "crashed"}
    assert run(f"{TASKS}:linger", b"", replace(LIMITS, seconds=30.0)).get("error") in {"crashed", "timeout"}
    assert time.monotonic() - begun < 20
