"""A centre, where it stands, and how one gets in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.validators import validate_free_slug, validate_phone, validate_postcode


class Answer(models.TextChoices):
    """An honest answer about access: “not specified” is one of them."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not specified")


class Centre(models.Model):
    """A Regionales Versorgungszentrum. Its pages, services, rooms and staff hang on it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        BUILDING = "building", _("under construction")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed for good")

    name = models.CharField(
        _("official name"),
        max_length=120,
        unique=True,
        help_text=_("For example RVZ Leinebergland."),
    )
    place = models.CharField(_("place"), max_length=80, help_text=_("For example Alfeld."))
    slug = models.SlugField(
        _("short name in addresses"),
        unique=True,
        validators=[validate_free_slug],
        help_text=_("Small letters, for example alfeld. The centre's page moves along."),
    )
    operator = models.ForeignKey(
        "cms.Operator",
        on_delete=models.PROTECT,
        related_name="centres",
        verbose_name=_("operator"),
    )
    district = models.CharField(_("district"), max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    status_date = models.DateField(
        _("date of this statement"), help_text=_("When was the status confirmed?")
    )
    opened = models.CharField(
        _("opened"), max_length=60, blank=True, help_text=_("As known, for example June 2022.")
    )
    expected_opening = models.CharField(
        _("expected opening"),
        max_length=60,
        blank=True,
        help_text=_("In words, for example end of 2026."),
    )
    expected_by = models.DateField(
        _("expected by"),
        null=True,
        blank=True,
        help_text=_("After this day the site says that the opening is not confirmed yet."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail address"), blank=True)
    group = models.OneToOneField(
        "auth.Group",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="centre",
        editable=False,
        verbose_name=_("managers"),
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="centre",
        editable=False,
        verbose_name=_("collection"),
    )

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open") | Q(opened="") | Q(status="closed"),
                name="centre_opened_only_when_open",
                violation_error_message=_(
                    "A centre that is not open yet has no opening date. Please use “expected opening”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Location(ClusterableModel):
    """A building or branch of a centre: address, parking, way from the station."""

    centre = models.ForeignKey(
        Centre, on_delete=models.CASCADE, related_name="locations", verbose_name=_("centre")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Only when there are several buildings.")
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    house_number = models.CharField(_("house number"), max_length=10, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[validate_postcode]
    )
    city = models.CharField(_("town"), max_length=80)
    address_note = models.CharField(
        _("note on the address"),
        max_length=200,
        blank=True,
        help_text=_("For example next to the town hall."),
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    parking = models.CharField(_("parking"), max_length=200, blank=True)
    disabled_parking = models.CharField(
        _("parking for disabled people"), max_length=200, blank=True
    )
    from_station = models.CharField(_("from the railway station"), max_length=200, blank=True)
    lift = models.CharField(_("lift"), max_length=10, choices=Answer, default=Answer.UNKNOWN)
    accessible_toilet = models.CharField(
        _("accessible toilet"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                # Said outright: SQL lets a comparison with NULL pass.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="location_has_both_coordinates_or_none",
                violation_error_message=_("Please enter both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def address(self) -> str:
        """One line: street, number, postcode and town, as far as known."""
        street = f"{self.street} {self.house_number}".strip()
        town = f"{self.postcode} {self.city}".strip()
        return ", ".join(part for part in (street, town) if part)


class Entrance(models.Model):
    """A door of a building and whether one gets in without steps."""

    location = ParentalKey(
        Location, on_delete=models.CASCADE, related_name="entrances", verbose_name=_("building")
    )
    name = models.CharField(
        _("entrance"), max_length=100, help_text=_("For example main entrance.")
    )
    step_free = models.CharField(
        _("without steps"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    automatic_door = models.CharField(
        _("door opens by itself"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    door_width_cm = models.PositiveSmallIntegerField(
        _("width of the door in cm"), null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name
