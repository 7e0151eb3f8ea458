"""Mails on what happened to a request, written in the transaction of the change."""

from bookings.notifications.letters import MailText
from bookings.notifications.mails import notify, preview, stop
from bookings.notifications.notice import Notice
from bookings.notifications.renewals import RenewedSeries, notify_renewed

__all__ = ["MailText", "Notice", "RenewedSeries", "notify", "notify_renewed", "preview", "stop"]
