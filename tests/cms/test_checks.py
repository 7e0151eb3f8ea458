"""The house rules that `manage.py check` holds."""

import pytest
import time_machine
from django.core.management import call_command
from django.test import override_settings

from cms import checks
from cms.holiday_calendar import HolidayCalendar
from cms.models import BasePage, PracticePage


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_this_code_base_has_no_faults(db):
    call_command("check", fail_level="WARNING", databases=["default"])


class NoBase:
    """Stands in for a page type that forgot everything."""

    class _meta:  # noqa: N801 - Django's name
        label = "cms.NoBase"


class NoRules(BasePage):
    class Meta:
        abstract = True
        app_label = "cms"


class HalfRules(NoRules):
    parent_page_types = ["home.HomePage"]

    class Meta:
        abstract = True
        app_label = "cms"


@pytest.mark.parametrize(
    ("model", "faults"),
    [
        (NoBase, ["cms.E001", "cms.E002", "cms.E002"]),
        (NoRules, ["cms.E002", "cms.E002"]),
        (HalfRules, ["cms.E002"]),
        (PracticePage, []),
    ],
    ids=["not a BasePage", "no rules", "half the rules", "rules from an abstract base"],
)
def test_page_types_extend_the_base_and_say_where_they_stand(model, faults):
    NoRules.__module__ = HalfRules.__module__ = "cms.models.example"
    assert ids(checks.page_type_faults([model])) == faults


@pytest.mark.parametrize("values", [{"TIME_ZONE": "UTC"}, {"USE_TZ": False}])
def test_other_time_zone_is_an_error(values):
    with override_settings(**values):
        assert ids(checks.check_time_zone(None)) == ["cms.E003"]


def test_holidays_of_the_next_year_are_known():
    with time_machine.travel("2026-11-24", tick=False):
        assert checks.check_holidays(None) == []


def test_missing_holidays_are_named_in_time(monkeypatch):
    known = HolidayCalendar.public_name
    monkeypatch.setattr(
        HolidayCalendar,
        "public_name",
        lambda calendar, day: known(calendar, day) if day.year < 2027 else None,
    )
    with time_machine.travel("2026-11-24", tick=False):
        (warning,) = checks.check_holidays(None)
    assert warning.id == "cms.W001"
    assert "01.01.2027" in warning.msg
    with time_machine.travel("2025-11-24", tick=False):
        assert checks.check_holidays(None) == []


@pytest.mark.parametrize("alias", ["default", "pages"])
def test_caches_of_production_are_shared(tmp_path, alias):
    shared = {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": tmp_path,
    }
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    with override_settings(CACHES={"default": shared, "pages": shared, alias: local}):
        (error,) = checks.check_shared_caches(None)
    assert error.id == "cms.E004"
    assert alias in error.msg


def test_missing_cache_table_is_told(db):
    def check(table: str) -> list[str]:
        cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": table}
        with override_settings(CACHES={"default": cache, "pages": cache}):
            return ids(checks.check_cache_table(None, databases=["default"]))

    assert check("not_there") == ["cms.W002"]
    assert check("django_session") == []
    assert checks.check_cache_table(None) == []
