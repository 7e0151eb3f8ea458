"""How one comes to a centre and gets in."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BigIntegerField, DateField, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.models import Answer, Centre, Entrance, Location, Stop, TransportOffer
from cms.prepared import Given, Prepared
from cms.wording import date_long


@dataclass(frozen=True)
class Arrival:
    """Buildings with entrances and stops, and what one has to ring for.

    `checked_on` is the day on which all of it was checked; None where the days differ, then they
    stand beside the single facts.
    """

    locations: list[Location]
    offers: list[TransportOffer]
    checked_on: dt.date | None

    @property
    def location(self) -> Location | None:
        """The building whose address stands below the name of the centre."""
        return self.locations[0] if self.locations else None


def arrival_of(centre: Centre, today: dt.date) -> Arrival:
    """Return the centre's buildings, and the offers that hold on `today`."""
    locations = _LOCATIONS(centre=centre.pk)
    offers = _OFFERS(centre=centre.pk, day=today)
    checked = {fact.checked_on for fact in (*locations, *offers)}
    return Arrival(
        locations=locations,
        offers=offers,
        checked_on=checked.pop() if len(checked) == 1 else None,
    )


def offers_valid_on(day: dt.date | Given) -> QuerySet[TransportOffer]:
    return TransportOffer.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    )


_CENTRE = Given("centre", BigIntegerField())
_LOCATIONS = Prepared(
    lambda: Location.objects.filter(centre=_CENTRE).prefetch_related("entrances", "stops")
)
_OFFERS = Prepared(lambda: offers_valid_on(Given("day", DateField())).filter(centre=_CENTRE))


def stop_text(stop: Stop) -> str:
    """Say "Haltestelle Rathaus, Linie 21 – 2 Minuten zu Fuß, ohne Stufen: ja"."""
    parts = [_("Stop %(name)s") % {"name": stop.name}, stop.lines]
    text = ", ".join(part for part in parts if part)
    if stop.walking_minutes:
        minutes = ngettext(
            "%(minutes)s minute on foot", "%(minutes)s minutes on foot", stop.walking_minutes
        )
        text += " – " + minutes % {"minutes": stop.walking_minutes}
    if stop.step_free != Answer.UNKNOWN:
        text += ", " + _("without steps: %(answer)s") % {"answer": stop.get_step_free_display()}
    return text


def door_text(entrance: Entrance) -> str:
    """Say what is known of the door besides its steps: ", Tür öffnet von selbst. Klingel rechts"."""
    parts = []
    if entrance.automatic_door == Answer.YES:
        parts.append(_("door opens by itself"))
    if entrance.door_width_cm:
        parts.append(_("door %(width)s cm wide") % {"width": entrance.door_width_cm})
    note = f". {entrance.note}" if entrance.note else ""
    return "".join(f", {part}" for part in parts) + note


def offer_sentences(offer: TransportOffer, *, with_check: bool) -> str:
    """Say what one should know of an offer besides its phone number."""
    sentences = [
        (offer.area, _("Area: %(value)s.")),
        (offer.price, _("Costs: %(value)s.")),
        (
            offer.wheelchair != Answer.UNKNOWN and offer.get_wheelchair_display(),
            _("Takes wheelchairs: %(value)s."),
        ),
        (offer.valid_to and date_long(offer.valid_to), _("Runs until %(value)s.")),
        (
            with_check and offer.checked_on and date_long(offer.checked_on),
            _("Last checked on %(value)s."),
        ),
    ]
    return " ".join(sentence % {"value": value} for value, sentence in sentences if value)
