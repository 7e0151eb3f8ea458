"""What several people do to one group at the same moment, on connections of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from bookings.models import Membership
from bookings.rules.associations import NotDone, NotDoneError
from bookings.services.associations import (
    accept_invitation,
    invite,
    leave,
    withdraw_invitation,
)
from tests.bookings.racing import copy_of_test_database
from tests.factories.bookings import NOW, AssociationFactory, member_of
from tests.factories.cms import UserFactory

MAIN = Membership.Role.MAIN_CONTACT


def test_of_what_several_do_at_once_one_counts(django_db_setup, django_db_blocker):
    """Two main contacts leave; one person accepts twice; a second one while it is withdrawn."""
    with django_db_blocker.unblock(), copy_of_test_database("groups"):
        choir = AssociationFactory.create()
        first, second = (member_of(choir, email=f"{name}@x.org") for name in ("erste", "zweite"))
        choir.memberships.update(role=MAIN)
        users = [UserFactory.create(email=f"{name}@x.org") for name in ("dritte", "vierte")]
        twice, once = (
            invite(association=choir, email=user.email, role=MAIN, actor=first, now=NOW)
            for user in users
        )

        def accept(invitation, user):
            return lambda: accept_invitation(invitation=invitation, user=user, now=NOW)

        done = at_once([accept(twice, users[0]), accept(twice, users[0])])
        assert set(done) == {False, True}
        done = at_once(
            [
                accept(once, users[1]),
                lambda: withdraw_invitation(invitation=once, actor=first, now=NOW),
            ]
        )
        once.refresh_from_db()
        assert [isinstance(one, NotDoneError) for one in done].count(True) == 1
        assert (once.accepted_at is None) != (once.withdrawn_at is None)
        Membership.objects.filter(user__in=users).delete()
        done = at_once(
            [
                lambda: leave(association=choir, user=first, now=NOW),
                lambda: leave(association=choir, user=second, now=NOW),
            ]
        )
        assert [getattr(one, "why", None) for one in done].count(NotDone.LAST_MAIN_CONTACT) == 1
        assert [one.role for one in choir.memberships.all()] == [MAIN]


def at_once(steps) -> list[object]:
    """Do all steps at the same moment, each on its own connection; return answers or refusals."""
    gate = threading.Barrier(len(steps), timeout=60)

    def run(step):
        gate.wait()
        try:
            return step()
        except NotDoneError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))
