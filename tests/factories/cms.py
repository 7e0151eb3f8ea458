"""Facts, pages and people of a centre."""

import datetime as dt
from dataclasses import dataclass, field

import factory
from django.utils.text import slugify
from wagtail.models import Collection, Locale, Page, Site

from cms.models import (
    Centre,
    CentrePage,
    Contact,
    HoursException,
    HoursExceptionTime,
    HoursKind,
    Location,
    Operator,
    PracticePage,
    Provider,
    Service,
    ServiceKind,
    User,
    WeeklyRule,
)
from home.models import CentreIndexPage, HomePage

PASSWORD = "ein-gutes-kennwort"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", PASSWORD)
        if kwargs.pop("is_superuser", False):
            return User.objects.create_superuser(password=password, **kwargs)
        return User.objects.create_user(password=password, **kwargs)


class OperatorFactory(factory.django.DjangoModelFactory[Operator]):
    class Meta:
        model = Operator

    name = factory.Sequence(lambda number: f"Träger {number} gGmbH")


class ProviderFactory(factory.django.DjangoModelFactory[Provider]):
    class Meta:
        model = Provider

    name = factory.Sequence(lambda number: f"Anbieter {number}")


class CentreFactory(factory.django.DjangoModelFactory[Centre]):
    class Meta:
        model = Centre

    place = factory.Sequence(lambda number: f"Ort {number}")
    name = factory.LazyAttribute(lambda centre: f"RVZ {centre.place}")
    slug = factory.LazyAttribute(lambda centre: slugify(centre.place))
    operator = factory.SubFactory(OperatorFactory)
    status = Centre.Status.OPEN
    status_date = dt.date(2026, 11, 1)
    phone = factory.Sequence(lambda number: f"030 23125 {number % 1000:03}")
    email = factory.LazyAttribute(lambda centre: f"{centre.slug}@example.org")


class LocationFactory(factory.django.DjangoModelFactory[Location]):
    class Meta:
        model = Location

    centre = factory.SubFactory(CentreFactory)
    street = "Hauptstraße"
    house_number = "1"
    city = factory.LazyAttribute(lambda location: location.centre.place)


class ServiceFactory(factory.django.DjangoModelFactory[Service]):
    class Meta:
        model = Service

    centre = factory.SubFactory(CentreFactory)
    name = factory.Sequence(lambda number: f"Angebot {number}")
    slug = factory.LazyAttribute(lambda service: slugify(service.name))
    kind = ServiceKind.OTHER

    @classmethod
    def practice(cls, centre: Centre, **kwargs) -> Service:
        """Create a GP practice: Mon–Fri 8–12, Mon, Tue, Thu also 15–18, with phone numbers."""
        values = {"name": "Hausarztpraxis (MVZ)", "slug": "hausarztpraxis", "kind": ServiceKind.GP}
        service = cls.create(centre=centre, **{**values, **kwargs})
        for weekday in range(5):
            weekly(service, weekday, "08:00", "12:00")
        for weekday in (0, 1, 3):
            weekly(service, weekday, "15:00", "18:00")
        Contact.objects.create(service=service, phone="030 23125 410")
        Contact.objects.create(
            service=service, label="Rezepte", phone="030 23125 411", sort_order=1
        )
        return service


def weekly(
    service: Service, weekday: int, start: str, end: str, kind: str = HoursKind.OPEN, **kwargs
) -> WeeklyRule:
    """Add one span of the week, times as "08:00"."""
    return WeeklyRule.objects.create(
        service=service,
        weekday=weekday,
        start=dt.time.fromisoformat(start),
        end=dt.time.fromisoformat(end),
        kind=kind,
        **kwargs,
    )


def closed(service: Service, first_day: str, last_day: str, **kwargs) -> HoursException:
    """Close a service from the first to the last day, both as "2026-12-23"."""
    return HoursException.objects.create(
        service=service,
        first_day=dt.date.fromisoformat(first_day),
        last_day=dt.date.fromisoformat(last_day),
        **{"reason": HoursException.Reason.LEAVE, **kwargs},
    )


def other_hours(service: Service, day: str, start: str, end: str, **kwargs) -> HoursException:
    """Give a service other hours on one day."""
    exception = closed(service, day, day, closed=False, **kwargs)
    HoursExceptionTime.objects.create(
        exception=exception, start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end)
    )
    return exception


@dataclass
class Tree:
    """The page tree of an installation with several centres."""

    site: Site
    home: HomePage
    index: CentreIndexPage
    centre_pages: dict[str, CentrePage] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[Site, HomePage, CentreIndexPage]:
        return self.site, self.home, self.index

    def know(self, page: CentrePage) -> CentrePage:
        """Take notice of a centre's page that was added without this object."""
        self.home.refresh_from_db(fields=["numchild"])
        self.centre_pages[page.centre.slug] = page
        return page

    def add_centre(self, place: str, **kwargs) -> CentrePage:
        """Add an open centre with a building, a GP practice and both pages."""
        centre = CentreFactory.create(place=place, **kwargs)
        location = LocationFactory.create(centre=centre)
        page = CentrePage(title=f"{centre.name} in {place}", centre=centre)
        self.home.add_child(instance=page)
        practice = ServiceFactory.practice(
            centre, location=location, floor="Erdgeschoss", door="erste Tür links"
        )
        page.add_child(
            instance=PracticePage(
                title=f"Hausarztpraxis im {centre.name}", slug="hausarztpraxis", service=practice
            )
        )
        self.centre_pages[centre.slug] = page
        return page


def plant_roots() -> Page:
    """Return the root of all pages; after tests with real transactions it has to be made again."""
    locale, _created = Locale.objects.get_or_create(language_code="de")
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    root: Page = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locale)
    )
    return root


def plant_tree() -> Tree:
    """Create locale, start page, list of centres and the default site, replacing what is there."""
    root = plant_roots()
    Site.objects.all().delete()
    for child in root.get_children():
        child.specific.delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="Gut versorgt in Ihrer Nähe", slug="start"))
    index = home.add_child(instance=CentreIndexPage(title="Zentren", slug="zentren"))
    site = Site.objects.create(
        hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="RVZ"
    )
    return Tree(site=site, home=home, index=index)
