"""How even four ways of sharing turns are, over many terms with random absences; and how many turns replanning moves.

python -m benchmarks.fairness [terms]
"""

import random
import sys
import time

from schedule.rotation.solver import AWAY as AWAY_DAYS
from schedule.rotation.solver import rotate

PEOPLE, PRESENTERS, SESSIONS, AWAY = 7, 2, 8, 0.25


def longest_since(free, had, last, dice):
    """Whoever presented longest ago; draws break ties."""
    return sorted(free, key=lambda m: (last[m], dice.random()))


def weighted_draw(free, had, last, dice):
    """A draw in which somebody with n turns has one chance where somebody with none has n + 1."""
    return sorted(free, key=lambda m: dice.random() ** (1 + had[m]), reverse=True)


def fewest_first(free, had, last, dice):
    """Whoever has the fewest turns so far, then whoever presented longest ago."""
    return sorted(free, key=lambda m: (had[m], last[m], dice.random()))


def drawn(rule, away, dice):
    """Turns per person when each session is filled by `rule` on its day."""
    had, last = [0] * PEOPLE, [-1] * PEOPLE
    for session in range(SESSIONS):
        free = [m for m in range(PEOPLE) if (m, session) not in away]
        for member in rule(free, had, last, dice)[:PRESENTERS]:
            had[member] += 1
            last[member] = session
    return had


def flow(away):
    return [*rotate(range(PEOPLE), [PRESENTERS] * SESSIONS, away=away).counts.values()]


def unexplained(away):
    """Whether the flow's plan is uneven without its proof naming the days away as the cause."""
    plan = rotate(range(PEOPLE), [PRESENTERS] * SESSIONS, away=away)
    return plan.most - plan.fewest > 1 and (plan.proof.cause != AWAY_DAYS or not plan.forced)


def moved_when_one_leaves(away, kept):
    """Turns of those who stay that move, when the last to join leaves and the term is shared out again.

    Moving means losing a turn on a date: a turn more, taken over from who left, moves nothing.
    """
    seats, here = [PRESENTERS] * SESSIONS, range(PEOPLE - 1)
    before = rotate(range(PEOPLE), seats, away=away).turns
    known = {(m, n) for n, turn in enumerate(before) for m in turn if m in here}
    after = rotate(here, seats, away=away, kept=known if kept else ()).turns
    return sum(m not in after[n] for m, n in known), len(known)


def main(terms=20_000, seed=2026):
    dice, started = random.Random(seed), time.process_time()
    ways = {
        rule.__name__: lambda away, rule=rule: drawn(rule, away, dice)
        for rule in (longest_since, weighted_draw, fewest_first)
    }
    ways["flow"] = flow
    uneven, worst, surprises, moved = dict.fromkeys(ways, 0), dict.fromkeys(ways, 0), 0, {True: 0, False: 0}
    for _term in range(terms):
        away = {(m, s) for m in range(PEOPLE) for s in range(SESSIONS) if dice.random() < AWAY}
        for name, way in ways.items():
            turns = way(away)
            gap = max(turns) - min(turns)
            uneven[name] += gap >= 2
            worst[name] = max(worst[name], gap)
        surprises += unexplained(away)
        for kept in moved:
            lost, turns = moved_when_one_leaves(away, kept)
            moved[kept] += lost / turns
    print(f"{terms} terms: {PEOPLE} people, {PRESENTERS} per session, {SESSIONS} sessions, away on {AWAY:.0%} of dates")
    for name in ways:
        print(
            f"{name:15} two turns or more between most and fewest: {uneven[name] / terms:6.1%}, at worst {worst[name]}"
        )
    print(f"uneven plans of the flow whose proof does not name the dates: {surprises}")
    print(f"turns of the others that move when one leaves: {moved[True] / terms:.1%} keeping what people know,")
    print(f"  {moved[False] / terms:.1%} sharing out afresh")
    print(f"{time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
