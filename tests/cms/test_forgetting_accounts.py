"""Accounts that somebody registered and nobody ever got into are forgotten, and no others."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.models import OutgoingMail, User
from cms.services.accounts import forget_unconfirmed
from cms.services.housekeeping import keep_house
from tests.cms.test_accounts import NEW, register, sign_in
from tests.factories.cms import UserFactory
from tests.factories.staff import manager_of
from tests.passkeys import to_the_passkey

WEEK, A_MINUTE = dt.timedelta(days=7), dt.timedelta(minutes=1)


def begun(visitor: Client, email: str = NEW) -> User:
    register(visitor, email=email)
    return User.objects.get(email=email)


def test_an_account_that_nobody_confirmed_is_forgotten_with_its_mails(visitor, tree):
    begun(visitor)
    last_mail = OutgoingMail.objects.get(recipient=NEW).created_at
    assert keep_house(now=last_mail + WEEK - A_MINUTE)["accounts never confirmed deleted"] == 0
    assert OutgoingMail.objects.filter(recipient=NEW).exists()
    assert keep_house(now=last_mail + WEEK)["accounts never confirmed deleted"] == 1
    assert not User.objects.filter(email=NEW).exists()
    assert not OutgoingMail.objects.filter(recipient=NEW).exists()
    assert begun(Client(headers={"host": "localhost"}))  # and can begin once more


def test_a_passkey_never_made_is_forgotten_too(visitor, tree):
    to_the_passkey(visitor, NEW)
    assert EmailAddress.objects.get(email=NEW).verified
    assert forget_unconfirmed(now=timezone.now() + WEEK) == 1
    assert not User.objects.filter(email=NEW).exists()


def test_who_tries_again_has_time_again(visitor, tree):
    user = begun(visitor)
    user.date_joined = user.registered_at = user.registered_at - 2 * WEEK
    user.save()
    OutgoingMail.objects.update(created_at=user.registered_at)
    cache.clear()  # allauth remembers there that it has just sent a code
    begun(Client(headers={"host": "localhost"}))
    assert forget_unconfirmed(now=timezone.now()) == 0
    assert forget_unconfirmed(now=timezone.now() + WEEK) == 1


@pytest.mark.parametrize("what", ["made by somebody else", "used", "closed", "manager"])
def test_an_account_that_is_somebodys_is_not_forgotten(visitor, alfeld, what):
    if what == "made by somebody else":
        user = UserFactory.create(email=NEW)
        sign_in(visitor, login=NEW)  # and did not find the code
        assert not EmailAddress.objects.get(email=NEW).verified
    else:
        user = begun(visitor)
        user.registered_at -= 2 * WEEK
    if what == "manager":
        manager_of(alfeld).groups.get().user_set.add(user)
    user.last_login = timezone.now() if what == "used" else None
    user.is_active = what != "closed"
    user.date_joined = timezone.now() - 2 * WEEK
    user.save()
    OutgoingMail.objects.update(created_at=user.date_joined)
    assert forget_unconfirmed(now=timezone.now()) == 0
    assert User.objects.filter(email=NEW).exists()
    assert OutgoingMail.objects.exists()
