"""Mails on what happened to a request, written in the transaction of the change."""

from bookings.notifications.letters import MailText
from bookings.notifications.notice import Notice
from bookings.notifications.notices import notify, preview, stop

__all__ = ["MailText", "Notice", "notify", "preview", "stop"]
