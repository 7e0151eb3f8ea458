"""House rules as system checks, and what production must not forget."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.db import connections
from django.utils import timezone
from wagtail.models import Page, get_page_models

from cms.holiday_calendar import calendar_with
from cms.models import BasePage, HolidayOverride
from cms.opening_hours import BERLIN
from cms.selectors.holidays import school_holidays_end_early, unknown_public_holidays
from cms.selectors.schedules import holiday_calendar

OWN_APPS = frozenset({"cms", "home", "bookings"})


@register(Tags.models)
def check_page_types(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[CheckMessage]:
    """Every page type of ours extends BasePage and says where it may stand."""
    return list(page_type_faults(model for model in get_page_models() if is_our_page(model)))


def is_our_page(model: type[Page]) -> bool:
    return model._meta.app_label in OWN_APPS


def page_type_faults(models: Iterable[type[Page]]) -> Iterator[CheckMessage]:
    for model in models:
        if not issubclass(model, BasePage):
            yield Error(
                f"{model._meta.label} does not extend cms.models.BasePage.",
                hint="Fields, checks of the address and panels shared by all pages live there.",
                obj=model,
                id="cms.E001",
            )
        for rule in ("parent_page_types", "subpage_types"):
            if rule not in vars(model) and not inherits_rule(model, rule):
                yield Error(
                    f"{model._meta.label} has no {rule}.",
                    hint="Without it editors can put the page anywhere; use [] for “none”.",
                    obj=model,
                    id="cms.E002",
                )


def inherits_rule(model: type[Page], rule: str) -> bool:
    """Tell whether an abstract base of ours, and not Wagtail's Page, sets the rule."""
    return any(
        rule in vars(base) and base.__module__.partition(".")[0] in OWN_APPS
        for base in model.__mro__
    )


@register()
def check_time_zone(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Keep Berlin's wall-clock time, in which opening hours and series are decided."""
    if settings.USE_TZ and BERLIN.key == settings.TIME_ZONE:
        return []
    return [
        Error(
            "The site decides about opening hours in Europe/Berlin.",
            hint='Set TIME_ZONE = "Europe/Berlin" and USE_TZ = True.',
            id="cms.E003",
        )
    ]


@register()
def check_holidays(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **_options: Any,
) -> list[CheckMessage]:
    """Warn while there is still time to update the list; with a database its changes count, too."""
    today = timezone.localdate()
    calendar = calendar_with(())
    if "default" in (databases or ()) and HolidayOverride._meta.db_table in table_names():
        calendar = holiday_calendar()
    messages: list[CheckMessage] = [
        Warning(
            f"Public holidays are not known for {day:%d.%m.%Y}, within the next 12 months.",
            hint="Update the package `holidays`; until then the site would say “open” on holidays.",
            id="cms.W001",
        )
        for day in unknown_public_holidays(calendar, today)[:1]
    ]
    end = school_holidays_end_early(calendar, today)
    if end is not None:
        messages.append(
            Warning(
                f"School holidays are known until {end:%d.%m.%Y} only, less than 12 months ahead.",
                hint="Update the package `holidays`, or enter them in the admin.",
                id="cms.W003",
            )
        )
    return messages


def table_names() -> list[str]:
    connection = connections["default"]
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


@register(Tags.caches, deploy=True)
def check_shared_caches(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[CheckMessage]:
    """Rate limits and the page cache must be shared by all processes."""
    return [
        Error(
            f"The cache {alias!r} is not shared between processes.",
            hint="Rate limits would count, and changes would show, in one process only.",
            id="cms.E004",
        )
        for alias in ("default", "pages")
        if isinstance(caches[alias], (LocMemCache, DummyCache))
    ]


@register(Tags.database)
def check_cache_table(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **_options: Any,
) -> list[CheckMessage]:
    """Without its table every sign-in fails, because rate limits count there."""
    cache = caches["default"]
    if "default" not in (databases or ()) or not isinstance(cache, DatabaseCache):
        return []
    tables = table_names()
    # Before the first migration nothing is there yet, and nothing is wrong.
    if cache._table in tables or "django_migrations" not in tables:  # type: ignore[attr-defined]  # noqa: SLF001
        return []
    return [
        # No error: that would keep `migrate`, which makes the table, from running.
        Warning(
            "The table of the database cache is missing.",
            hint="Run `manage.py createcachetable`.",
            id="cms.W002",
        )
    ]
