"""Mail that is to go out: written in the transaction of the change, sent by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail to one person.

    `key` makes a mail unique: the same event never writes twice to the same person. The row holds
    the finished text, so that what was decided is what arrives, whenever the mail server answers.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    key = models.CharField(_("key"), max_length=200, unique=True)
    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    # An iCalendar file to enter the date by; goes along as an attachment.
    calendar = models.TextField(_("calendar entry"), blank=True)
    # Where one post, without signing in, ends such mails to this person (RFC 8058).
    unsubscribe_url = models.URLField(_("unsubscribe at"), max_length=500, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=250, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="queued"),
                name="outgoing_mail_due",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_kept_back(self) -> bool:
        """Tell whether a mail that nobody has tried to send was to wait for its time."""
        due = self.next_attempt_at
        return self.attempts == 0 and due is not None and due > self.created_at
