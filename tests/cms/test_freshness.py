"""A change shows at once wherever hours are shown, and "open now" never outlives the next change.

The page cache is on. A new address that shows hours belongs into ADDRESSES, with the words that
have to appear there into CHANGES.
"""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms import page_cache
from cms.models import HolidayOverride, HoursException, Service, User, WeeklyRule
from cms.opening_hours import BERLIN
from cms.selectors.schedules import schedule_of, with_hours
from cms.services.hours import Period, WeekSpan, delete_exception, save_exception, save_week
from cms.wording import plain_text, state_sentence
from tests.factories.cms import weekly
from tests.reading import words

TUESDAY = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)
TODAY = TUESDAY.date()
PRACTICE = "/alfeld/hausarztpraxis/"
ADDRESSES = {
    "start page": "/",
    "list of centres": "/zentren/",
    "centre": "/alfeld/",
    "service": PRACTICE,
    "all hours": "/oeffnungszeiten/",
    "times": "/oeffnungszeiten/alfeld/hausarztpraxis/",
    "notice": "/oeffnungszeiten/alfeld/hausarztpraxis/aushang/",
    "structured data": PRACTICE,
    "API: services": "/api/v1/services",
    "API: centre": "/api/v1/centres/alfeld",
    "API: hours": "/api/v1/services/{id}/hours",
    "feed": "/oeffnungszeiten/alfeld/hausarztpraxis/schliessungen.ics",
}


@pytest.fixture(autouse=True)
def clock(settings):
    settings.PAGE_CACHE_SECONDS = 60
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def shown(client: Client, name: str, service: Service) -> str:
    """Return what a visitor or a program reads at an address."""
    path = ADDRESSES[name].format(id=service.pk)
    response = client.get(path, headers={"host": "localhost"})
    assert response.status_code == 200, path
    if name == "structured data":
        return re.findall(r"ld\+json\">(.*?)</script>", response.text, re.DOTALL)[0]
    if response.headers["Content-Type"].startswith("text/html"):
        return words(response.text)
    return response.text.replace("\r\n ", "")


# Changes ------------------------------------------------------------------------------------------


def change_hours(service: Service, user: User) -> None:
    spans = [WeekSpan(1, "open", dt.time(9, 30), dt.time(11, 10))]
    save_week(
        service=service,
        replaced=Period(),
        period=Period(),
        spans=spans,
        holiday_policy=service.holiday_policy,
        user=user,
    )


def close(service: Service, user: User) -> None:
    leave = HoursException(
        service=service,
        first_day=TODAY,
        last_day=TODAY,
        reason=HoursException.Reason.LEAVE,
        substitute="Praxis Nebenan",
    )
    save_exception(exception=leave, times=(), user=user)


def shorten_today(service: Service, user: User) -> None:
    other = HoursException(service=service, first_day=TODAY, last_day=TODAY, closed=False)
    spans = [WeekSpan(1, "open", dt.time(10), dt.time(11, 10))]
    save_exception(exception=other, times=spans, user=user)


def make_it_a_holiday(_service: Service, _user: User) -> None:
    HolidayOverride.objects.create(kind="public", first_day=TODAY, last_day=TODAY, name="Landestag")


def change_phone(service: Service, _user: User) -> None:
    contact = service.contacts.get(label="")
    contact.phone = "030 23125 499"
    contact.save()


CHANGES: dict[str, tuple[Callable[[Service, User], None], dict[str, str]]] = {
    "hours": (
        change_hours,
        {
            "start page": "Jetzt geöffnet – bis 11:10 Uhr",
            "list of centres": "Jetzt geöffnet – bis 11:10 Uhr",
            "centre": "9:30–11:10 Uhr",
            "service": "9:30–11:10",
            "all hours": "Jetzt geöffnet – bis 11:10 Uhr",
            "times": "9:30–11:10",
            "notice": "9:30–11:10",
            "structured data": '"opens":"09:30","closes":"11:10"',
            "API: services": "Jetzt geöffnet – bis 11:10 Uhr",
            "API: centre": "Jetzt geöffnet – bis 11:10 Uhr",
            "API: hours": "2026-11-24T11:10:00+01:00",
        },
    ),
    "closure": (
        close,
        {
            "start page": "Geschlossen – öffnet morgen, Mittwoch",
            "list of centres": "Geschlossen – öffnet morgen, Mittwoch",
            "centre": "Praxis Nebenan",
            "service": "Praxis Nebenan",
            "all hours": "Geschlossen – öffnet morgen, Mittwoch",
            "times": "Praxis Nebenan",
            "notice": "Praxis Nebenan",
            "structured data": '"validFrom":"2026-11-24"',
            "API: services": "Geschlossen – öffnet morgen, Mittwoch",
            "API: centre": "Geschlossen – öffnet morgen, Mittwoch",
            "API: hours": "Praxis Nebenan",
            "feed": "Praxis Nebenan",
        },
    ),
    "other hours": (
        shorten_today,
        {
            "start page": "bis 11:10 Uhr",
            "list of centres": "bis 11:10 Uhr",
            "centre": "10:00–11:10 Uhr",
            "service": "10:00–11:10",
            "all hours": "10:00–11:10 Uhr",
            "times": "10:00–11:10",
            "notice": "10:00–11:10",
            "structured data": '"opens":"10:00","closes":"11:10"',
            "API: services": "bis 11:10 Uhr",
            "API: centre": "bis 11:10 Uhr",
            "API: hours": "2026-11-24T11:10:00+01:00",
            "feed": "10:00–11:10 Uhr",
        },
    ),
    "holiday": (
        make_it_a_holiday,
        {
            "start page": "Heute geschlossen – Landestag",
            "list of centres": "Heute geschlossen – Landestag",
            "centre": "Heute geschlossen – Landestag",
            "service": "Heute geschlossen – Landestag",
            "all hours": "Heute geschlossen – Landestag",
            "times": "Heute geschlossen – Landestag",
            "structured data": '"validFrom":"2026-11-24"',
            "API: services": "Heute geschlossen – Landestag",
            "API: centre": "Heute geschlossen – Landestag",
            "API: hours": '"public_holiday": "Landestag"',
        },
    ),
    "contact": (
        change_phone,
        {
            "start page": "030 23125 499",
            "list of centres": "030 23125 499",
            "centre": "030 23125 499",
            "service": "030 23125 499",
            "all hours": "030 23125 499",
            "times": "030 23125 499",
            "notice": "030 23125 499",
            "structured data": "+493023125499",
            "API: services": "030 23125 499",
            "API: centre": "030 23125 499",
            "API: hours": "030 23125 499",
        },
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_shows_everywhere_at_once(
    client, practice, administrator, change, django_capture_on_commit_callbacks
):
    make, expected = CHANGES[change]
    for name, text in expected.items():
        assert text not in shown(client, name, practice), name
    with django_capture_on_commit_callbacks(execute=True):
        make(practice, administrator)
    missing = [name for name, text in expected.items() if text not in shown(client, name, practice)]
    assert missing == []


def test_closure_that_is_taken_back_is_gone_everywhere(
    client, practice, administrator, django_capture_on_commit_callbacks
):
    before = {name: shown(client, name, practice) for name in ADDRESSES}
    with django_capture_on_commit_callbacks(execute=True):
        close(practice, administrator)
    assert "Praxis Nebenan" in shown(client, "feed", practice)
    with django_capture_on_commit_callbacks(execute=True):
        delete_exception(exception=practice.hours_exceptions.get(), user=administrator)
    assert {name: shown(client, name, practice) for name in ADDRESSES} == before


# The clock ------------------------------------------------------------------------------------------


def state_now(service: Service) -> str:
    """Return the sentence as it is right now, asked of the facts."""
    now = timezone.localtime()
    fresh = with_hours(Service.objects.filter(pk=service.pk), now.date()).get()
    return plain_text(state_sentence(schedule_of(fresh).state_at(now), now).text)


STATE_SHOWN = (
    "start page",
    "list of centres",
    "centre",
    "service",
    "all hours",
    "times",
    "API: services",
    "API: hours",
)


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-11-24T08:00", "Geschlossen – öffnet heute um 8:00 Uhr", "Jetzt geöffnet"),
        ("2026-11-24T11:30", "Jetzt geöffnet", "Noch geöffnet – schließt um 12:00 Uhr"),
        ("2026-11-24T12:00", "Noch geöffnet", "Geschlossen – öffnet heute um 15:00 Uhr"),
        ("2026-11-25T00:00", "öffnet morgen, Mittwoch", "Geschlossen – öffnet heute um 8:00 Uhr"),
        ("2026-11-26T00:00", "öffnet morgen, Donnerstag", "öffnet heute um 9:00 Uhr"),
        ("2026-12-25T00:00", "öffnet am Montag, 28. Dezember", "geschlossen – Erster Weihnachtst"),
        ("2026-11-28T02:00", "Noch geöffnet – schließt um 2:00 Uhr", "Geschlossen – öffnet am"),
    ],
    ids=["opens", "closing soon", "closes", "midnight", "new rule", "holiday", "night"],
)
def test_open_now_never_outlives_the_next_change(client, practice, clock, moment, before, after):
    """Fill the cache at every age a page can have, and ask again when the change has come."""
    WeeklyRule.objects.filter(service=practice, weekday=3).delete()
    weekly(practice, 3, "08:00", "12:00", valid_to=dt.date(2026, 11, 25))
    weekly(practice, 3, "09:00", "12:00", valid_from=dt.date(2026, 11, 26))
    weekly(practice, 4, "22:00", "02:00", valid_to=dt.date(2026, 12, 1))
    change = dt.datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
    for age in (1, 59):
        page_cache.renew_generation()  # time goes back here: no page of the future
        clock.move_to(change - dt.timedelta(seconds=age))
        assert before in state_now(practice)
        for name in STATE_SHOWN:
            assert before in shown(client, name, practice), (name, age)
        clock.move_to(change)
        assert after in state_now(practice)
        for name in STATE_SHOWN:
            assert after in shown(client, name, practice), (name, age)


def test_browser_that_has_the_page_hears_of_the_change(client, practice, clock):
    """Whoever kept an answer asks again, and is told."""
    clock.move_to(TUESDAY.replace(hour=11, minute=59, second=59))
    paths = [ADDRESSES[name].format(id=practice.pk) for name in STATE_SHOWN]
    etags = {
        path: client.get(path, headers={"host": "localhost"}).headers["ETag"] for path in paths
    }
    headers = {path: {"host": "localhost", "if-none-match": etag} for path, etag in etags.items()}
    assert {client.get(path, headers=headers[path]).status_code for path in paths} == {304}
    clock.move_to(TUESDAY.replace(hour=12))
    assert {client.get(path, headers=headers[path]).status_code for path in paths} == {200}


def test_every_kept_answer_has_to_be_asked_for_again(client, practice):
    for path in {path.format(id=practice.pk) for path in ADDRESSES.values()}:
        response = client.get(path, headers={"host": "localhost"})
        assert "no-cache" in response.headers["Cache-Control"], path
        assert response.headers["ETag"], path


def test_api_knows_until_when_its_state_is_true(client, practice, clock):
    """From the word of the API alone one can follow the day, change by change."""
    clock.move_to(TUESDAY.replace(hour=0))
    seen = []
    for _change in range(20):
        answer = client.get(ADDRESSES["API: services"]).json()
        sentence, until = answer["services"][0]["state"]["sentence"], answer["valid_until"]
        seen.append(sentence)
        change = dt.datetime.fromisoformat(until)
        clock.move_to(change - dt.timedelta(seconds=1))
        assert state_now(practice) == sentence
        clock.move_to(change)
        if change.date() > TODAY:
            break
    assert seen == [
        "Geschlossen – öffnet heute um 8:00 Uhr",
        "Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr",
        "Noch geöffnet – schließt um 12:00 Uhr",
        "Geschlossen – öffnet heute um 15:00 Uhr",
        "Jetzt geöffnet – bis 18:00 Uhr",
        "Noch geöffnet – schließt um 18:00 Uhr",
        "Geschlossen – öffnet morgen, Mittwoch, um 8:00 Uhr",
    ]
