"""Mails that never arrived, once somebody has rung up instead."""

import logging

from bookings.models import Booking
from bookings.selectors.undelivered import given_up_on
from cms.models import User

logger = logging.getLogger(__name__)


def settle_mail(*, booking: Booking, mail_id: int, actor: User) -> None:
    """Forget a mail on this request that was given up; a second click changes nothing.

    The history of the request keeps what the mail should have told.
    """
    for mail in given_up_on(booking):
        if mail.pk == mail_id:
            mail.delete()
            logger.info("mail %s given up, settled by user %s", mail_id, actor.pk)
