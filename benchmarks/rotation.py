"""How quick the rotation is, and how near its spacing comes to the best there is.

python -m benchmarks.rotation
"""

import random
import time
from fractions import Fraction
from itertools import combinations, pairwise, product

from schedule.rotation.solver import rotate

SIZES = [
    (7, 8, 2),
    (12, 26, 3),
    (12, 200, 3),
    (30, 52, 4),
    (100, 52, 10),
    (500, 52, 10),
]  # members, sessions, presenters
SMALL = [(4, 5, 1), (4, 6, 2), (5, 6, 1), (5, 5, 2)]


def main():
    print("CPU time of one plan (slowest of 5 terms, 25 % away): without and with a ledger of earlier terms,")
    print("and of planning again when every tenth person has left, keeping the turns that people know")
    for members, sessions, presenters in SIZES:
        slowest = [
            max(clocked(members, sessions, presenters, seed, ledger) for seed in range(5)) for ledger in (False, True)
        ]
        slowest.append(max(replanned(members, sessions, presenters, seed) for seed in range(5)))
        print(
            f"{members:4} members x {sessions:3} sessions x {presenters:2} seats: "
            + " ".join(f"{ms:7.1f} ms" for ms in slowest)
        )
    print("\nDistance between turns against the best of all equally even plans (200 terms each, 25 % away)")
    for members, sessions, presenters in SMALL:
        ratios = [excess(members, sessions, presenters, seed) for seed in range(200)]
        best = sum(ratio == 1 for ratio in ratios) / len(ratios)
        print(
            f"{members} members x {sessions} sessions x {presenters}: the very best in {best:.0%}, "
            f"on average {float(sum(ratios) / len(ratios)) - 1:.1%} more crowded, at worst {float(max(ratios)) - 1:.0%}"
        )


def clocked(members, sessions, presenters, seed, ledger):
    """Milliseconds of CPU for one plan."""
    dice = random.Random(seed)
    away = some_away(range(members), sessions, dice)
    carried = {m: dice.randint(-14, 14) / 7 for m in range(members)} if ledger else {}
    started = time.process_time()
    rotate(range(members), [presenters] * sessions, away=away, carried=carried)
    return (time.process_time() - started) * 1000


def replanned(members, sessions, presenters, seed):
    """Milliseconds of CPU for planning the same dates again without those who left."""
    away = some_away(range(members), sessions, random.Random(seed))
    before = rotate(range(members), [presenters] * sessions, away=away)
    kept = {(m, n) for n, turn in enumerate(before.turns) for m in turn}
    started = time.process_time()
    rotate(range(-(-members // 10), members), [presenters] * sessions, away=away, kept=kept)
    return (time.process_time() - started) * 1000


def some_away(members, sessions, dice, share=0.25):
    return {(m, s) for m in members for s in range(sessions) if dice.random() < share}


def excess(members, sessions, presenters, seed):
    """Crowding of the plan over the least crowding among all plans that are as even."""
    people = range(members)
    away = some_away(people, sessions, random.Random(seed))
    plan = rotate(people, [presenters] * sessions, away=away)
    choices = []
    for session in range(sessions):
        free = [m for m in people if (m, session) not in away]
        choices.append([*combinations(free, min(presenters, len(free)))])
    even = sum(turns**2 for turns in plan.counts.values())
    best = min(crowding(people, turns) for turns in product(*choices) if squares(people, turns) == even)
    mine = crowding(people, plan.turns)
    return mine / best if best else Fraction(1 if mine == best else 2)


def squares(people, turns):
    return sum(sum(m in turn for turn in turns) ** 2 for m in people)


def crowding(people, turns):
    """Sum of 1/d² over every member's consecutive turns."""
    days = ([s for s, turn in enumerate(turns) if m in turn] for m in people)
    return sum(Fraction(1, (b - a) ** 2) for mine in days for a, b in pairwise(mine))


if __name__ == "__main__":
    main()
