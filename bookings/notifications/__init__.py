"""Mails on what happened to a request, written in the transaction of the change."""

from bookings.notifications.letters import MailText
from bookings.notifications.mails import notify, preview, stop
from bookings.notifications.notice import Notice

__all__ = ["MailText", "Notice", "notify", "preview", "stop"]
