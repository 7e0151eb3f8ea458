"""Kinds of use: set-up and clearing up depend on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UseKind(models.TextChoices):
    MEETING = "meeting", _("meeting")
    COURSE = "course", _("course or group")
    SPORT = "sport", _("sport or exercise")
    MUSIC = "music", _("rehearsal or music")
    EVENT = "event", _("event with guests")
    PARTY = "party", _("celebration with food")
    CARE = "care", _("care or medicine")
    OTHER = "other", _("something else")
