"""A crowd that calls the services at one moment, each person with a database connection of their own."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

from bookings.rules.refusals import RefusedError
from bookings.services.closures import DatesInTheWayError
from bookings.services.decisions import DecidedAlreadyError, TimeTakenError
from bookings.services.own_dates import NotPossibleError
from tests.bookings.racing import SECONDS

CROWD = 32
# What people are told; anything else, and BusyError above all, is a fault.
TOLD = (RefusedError, DecidedAlreadyError, TimeTakenError, NotPossibleError, DatesInTheWayError)
DONE = "done"

Step = Callable[[], object]


@contextmanager
def crowd(size: int = CROWD) -> Iterator[Callable[[Sequence[Step]], list[str]]]:
    """Give a function that lets as many steps begin at one moment as there are people.

    It returns for each what came of it: DONE, or the name of what the person was told.
    """
    gate = threading.Barrier(size, timeout=SECONDS)

    def arrive() -> None:
        try:
            connection.ensure_connection()
        except BaseException:
            gate.abort()  # nobody waits for somebody who cannot come
            raise
        gate.wait()

    def run(step: Step) -> str:
        arrive()
        try:
            step()
        except TOLD as error:
            return type(error).__name__
        return DONE

    def leave(_person: int) -> None:
        gate.wait()  # so that every thread closes its own
        connections.close_all()

    with ThreadPoolExecutor(size) as pool:

        def race(steps: Sequence[Step]) -> list[str]:
            assert len(steps) == size
            runs = [pool.submit(run, step) for step in steps]
            faults = [fault for one in runs if (fault := one.exception())]
            if faults:  # of who could not come, before that of those who waited
                raise min(faults, key=lambda one: isinstance(one, threading.BrokenBarrierError))
            return [one.result() for one in runs]

        try:
            yield race
        finally:
            gate.reset()
            list(pool.map(leave, range(size)))


def outcomes(results: Sequence[str]) -> Counter[str]:
    return Counter(results)
