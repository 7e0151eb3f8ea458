"""Mails on what happened to a request, written in the transaction of the change."""

from bookings.notifications.notices import MailText, Notice, notify, preview, stop

__all__ = ["MailText", "Notice", "notify", "preview", "stop"]
