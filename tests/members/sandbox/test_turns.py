"""Files that people send at the same time: nobody's keep the others, or whoever only reads, waiting."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from members.sandbox.process import MIB, Limits, run
from members.sandbox.turns import Turns

TASKS = "tests.members.sandbox.tasks"


def test_a_second_file_of_the_same_person_is_refused_at_once_while_the_first_is_looked_into():
    turns = Turns(most=2, patience=60)
    with turns.turn("mallory") as first, turns.turn("mallory") as second, turns.turn("alice") as other:
        assert (first, second, other) == (True, False, True)
    with turns.turn("mallory") as again:
        assert again


def test_who_comes_when_all_turns_are_taken_waits_a_little_and_is_refused_then():
    turns = Turns(most=1, patience=0.05)
    with turns.turn("alice"), turns.turn("bob") as waited:
        assert not waited
    with turns.turn("bob") as later:
        assert later


def test_who_waits_has_the_turn_that_somebody_else_gives_back():
    turns, taken, done = Turns(most=1, patience=60), Event(), Event()

    def alice():
        with turns.turn("alice"):
            taken.set()
            done.wait(60)

    def bob():
        taken.wait(60)
        done.set()
        with turns.turn("bob") as has_turn:
            return has_turn

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(alice), pool.submit(bob)
        assert (first.result(), second.result()) == (None, True)


def test_of_one_person_only_one_process_is_started_at_a_time():
    together = Barrier(4)

    def ask(_number):
        together.wait()
        return run(f"{TASKS}:sleep", b"words", Limits(memory=256 * MIB, seconds=0.5), asker="mallory").get("error")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == ["busy", "busy", "busy", "timeout"]
