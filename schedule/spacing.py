"""How far apart one member's turns lie, and bringing them further apart without making turns less even. Plain Python.

Two turns of one member that lie d sessions apart, with none between, hurt 1/d². Near ones weigh most, and evenly spread
turns hurt least. The hurt is counted in integers, so that equal is equal and every improvement is a real one.
"""

HURT = 10**12  # of two turns in consecutive sessions
STEPS = 400_000  # how many places for a turn are tried at most, so that a huge term ends, too


def hurt(turns: int, last: int | None, session: int) -> int:
    """What `session` would add to a member's `turns` (bits of sessions), who last presented in `last` before the term."""
    earlier, later = turns & ((1 << session) - 1), turns >> (session + 1)
    before = earlier.bit_length() - 1 if earlier else last
    after = session + (later & -later).bit_length() if later else None
    added = HURT // (session - before) ** 2 if before is not None else 0
    if after is not None:
        added += HURT // (after - session) ** 2
        if before is not None:
            added -= HURT // (after - before) ** 2
    return added


def spread_out(seating) -> None:
    """Improve seat by seat until nothing gains or STEPS are spent.

    A local search, not an optimum: it ends where neither handing one turn over nor exchanging two helps. Both leave the
    sum of squares of the loads as it is. A hand-over goes only to somebody with exactly one turn fewer, so that the two
    change roles; an exchange changes nobody's number of turns.
    """
    steps, gained = STEPS, True
    while gained and steps > 0:
        gained = False
        for session, row in enumerate(seating.seated):
            for member in bits(row & ~seating.fixed[session]):
                if steps > 0 and seating.seated[session] >> member & 1:
                    move, tried = _best_move(seating, member, session)
                    steps -= tried
                    if move:
                        move()
                        gained = True


def _best_move(seating, member, session):
    """The move of this turn that gains most, or None; and how many places were tried."""
    rest = seating.turns[member] ^ (1 << session)
    here = hurt(rest, seating.last[member], session)
    if not here:  # nothing near: whoever gains by an exchange with this turn finds it from their side
        return None, 1
    best, move, tried = 0, None, 1
    for gain, found in _moves(seating, member, session, rest, here):
        tried += 1
        if gain > best:
            best, move = gain, found
    return move, tried


def _moves(seating, member, session, rest, here):
    """(gain, how to do it) of every hand-over and exchange; those that cannot gain have gain 0."""
    takers = seating.free[session] & ~seating.seated[session]
    for other in bits(takers):
        if seating.load[member] - seating.load[other] == seating.TURN:
            gain = here - hurt(seating.turns[other], seating.last[other], session)
            yield gain, lambda other=other: seating.hand_over(session, member, other)
    for further in bits(seating.may[member] & ~seating.turns[member]):
        gain = here - hurt(rest, seating.last[member], further)
        if gain <= 0:
            yield 0, None
            continue
        for other in bits(seating.seated[further] & ~seating.fixed[further] & takers):
            left = seating.turns[other] ^ (1 << further)
            lost = hurt(left, seating.last[other], session) - hurt(left, seating.last[other], further)
            yield gain - lost, lambda other=other, further=further: seating.exchange(session, member, further, other)


def bits(row: int):
    """The numbers of the bits set in an integer, lowest first."""
    while row:
        low = row & -row
        yield low.bit_length() - 1
        row ^= low
