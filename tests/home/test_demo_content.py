"""What the demo says is true, marked as unknown, or invented within bounds."""

import datetime as dt
import re
from collections import Counter

import pytest
from django.apps import apps
from wagtail.models import Page

from cms.blocks import BODY_BLOCKS
from cms.models import (
    Answer,
    Centre,
    Contact,
    Entrance,
    HoursException,
    Location,
    Person,
    Service,
    TransportOffer,
)
from cms.opening_hours import BERLIN, Schedule, Status
from cms.selectors.schedules import schedules_for
from cms.validators import validate_phone
from cms.wording import closure_text, expected_opening_sentence
from tests.home.conftest import TODAY

PHONE = re.compile(r"(?<![\d.])\+?0?\d[\d /()-]{6,}\d")
# The ranges that the Bundesnetzagentur keeps for fiction.
RESERVED = re.compile(r"0(30 ?23125|40 ?66969|69 ?90009|89 ?99998|221 ?4710) ?\d{3}")


def schedules_of(slug: str) -> dict[str, Schedule]:
    services = Service.objects.filter(centre__slug=slug)
    return {s.slug: schedule for s, schedule in schedules_for(services, TODAY).items()}


def test_centres_have_their_real_names_and_status(demo):
    assert dict(Centre.objects.values_list("slug", "name")) == {
        "alfeld": "RVZ Leinebergland",
        "auetal": "RVZ Auetal",
        "baddeckenstedt": "RVZ Baddeckenstedt",
        "nordenham": "RVZ Wesermarsch-Nord",
        "nordholz": "RVZ Wurster Nordseeküste",
        "suedheide": "RVZ Südheide",
    }
    assert set(Centre.objects.filter(status="open").values_list("slug", "opened")) == {
        ("alfeld", "4. Oktober 2022 (Praxis, zunächst in Containern)"),
        ("auetal", "2022"),
        ("baddeckenstedt", "1. November 2023"),
        ("nordenham", "Juni 2022"),
        ("nordholz", "1. März 2022"),
    }


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (
            dt.date(2026, 12, 31),
            "Geplant – Eröffnung vorgesehen für Ende 2026 (Stand: 29. November 2024).",
        ),
        (
            dt.date(2027, 1, 1),
            (
                "Die Eröffnung war für Ende 2026 geplant. Ob das Zentrum schon geöffnet hat, ist hier "
                "noch nicht bestätigt."
            ),
        ),
    ],
)
def test_suedheide_is_planned_until_the_expected_day_has_passed(demo, today, sentence):
    centre = Centre.objects.get(slug="suedheide")

    said = expected_opening_sentence(
        centre.status, centre.expected_opening, centre.expected_by, centre.status_date, today
    )

    assert str(said).replace("\N{NO-BREAK SPACE}", " ") == sentence
    assert not centre.services.exists()


def test_what_no_source_says_stays_empty(demo):
    assert not Location.objects.exclude(postcode="").exists()
    assert Location.objects.get(centre__slug="alfeld", name="").house_number == ""
    assert Location.objects.get(centre__slug="baddeckenstedt").street == ""
    assert Location.objects.get(centre__slug="auetal").house_number == ""
    assert Centre.objects.get(slug="suedheide").phone == ""
    assert not Location.objects.exclude(lift=Answer.UNKNOWN).exists()
    known = Entrance.objects.exclude(step_free=Answer.UNKNOWN)
    assert [(door.location.centre.slug, door.step_free) for door in known] == [("nordholz", "no")]


def test_facts_of_providers_are_the_real_ones(demo):
    day_care = Service.objects.get(centre__slug="auetal", kind="day_care")
    times = {(rule.weekday, rule.start, rule.end) for rule in day_care.weekly_rules.all()}

    assert str(day_care.provider) == "ASB Leine-Weser"
    assert times == {(day, dt.time(8), dt.time(15, 30)) for day in range(5)}
    providers = Service.objects.filter(centre__slug="nordholz", provider__isnull=False)
    assert dict(providers.values_list("slug", "provider__name")) == {
        "tagespflege": "Deutsches Rotes Kreuz (DRK)",
        "cafe-solferino": "Deutsches Rotes Kreuz (DRK)",
    }


def test_nobody_is_named_at_a_service(demo):
    assert Person.objects.exists()
    assert not Person.objects.exclude(name="").exists()


def phones_of_facts() -> list[str]:
    return [
        number
        for model in apps.get_app_config("cms").get_models()
        for field in model._meta.fields
        if validate_phone in field.validators
        for number in model._default_manager.exclude(**{field.name: ""}).values_list(
            field.name, flat=True
        )
    ]


def test_every_phone_number_is_one_reserved_for_fiction(demo):
    bodies = " ".join(
        str(prose)
        for page in Page.objects.filter(depth__gt=1).specific()
        for prose in (
            page.lead,
            *BODY_BLOCKS.get_searchable_content(page.body),
            getattr(page, "about", ""),
            getattr(page, "barriers", ""),
            getattr(page, "enforcement", ""),
        )
    )
    numbers = phones_of_facts() + PHONE.findall(bodies)

    assert len(numbers) > 40
    assert [number for number in numbers if not RESERVED.fullmatch(number)] == []


def test_the_search_for_phone_numbers_finds_those_of_the_sources():
    found = PHONE.findall(
        "Tel. 0511 120 9726, 0511/120 – 9722, 05181-1234567, am 30.09. um 19:30 Uhr"
    )

    assert found == ["0511 120 9726", "0511/120", "05181-1234567"]


def test_no_two_services_share_a_number(demo):
    numbers = Counter(Contact.objects.exclude(phone="").values_list("phone", flat=True))

    assert numbers.most_common(1)[0][1] == 1
    assert not set(numbers) & set(Centre.objects.values_list("phone", flat=True))


def test_the_on_demand_bus_of_the_region_has_its_real_dates_and_no_invented_number(demo):
    flexo = TransportOffer.objects.get(name="flexo")

    assert (flexo.valid_from, flexo.valid_to) == (dt.date(2025, 8, 10), dt.date(2031, 12, 31))
    assert flexo.phone == ""


# Every state is seen -----------------------------------------------------------------------------


def test_all_states_occur_within_a_week(demo):
    schedules = list(schedules_for(Service.objects.all(), TODAY).values())
    start = dt.datetime.combine(TODAY, dt.time(), BERLIN)
    moments = [start + dt.timedelta(hours=hour) for hour in range(7 * 24)]
    states = {schedule.state_at(moment).status for schedule in schedules for moment in moments}

    assert states == set(Status)


def test_the_practice_is_on_leave_over_christmas_with_a_substitute(demo):
    leave = HoursException.objects.get(service__slug="hausarztpraxis", reason="leave")
    schedule = schedules_of("alfeld")["hausarztpraxis"]
    (exception,) = schedule.exceptions

    assert leave.service.centre.slug == "alfeld"
    said = closure_text(exception, schedule, today=TODAY)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027. Ab Montag, 4. Januar, sind "
        "wir wieder da. Vertretung: Zweigstelle Freden, Telefon 030 23125 460."
    )


def test_other_hours_lie_within_the_next_fortnight_and_on_no_holiday(demo):
    near = HoursException.objects.exclude(reason="leave")

    assert near.filter(closed=False).count() == 1
    assert near.filter(first_day__gt=TODAY, last_day__lte=TODAY + dt.timedelta(14)).count() == 3


def test_the_week_of_the_practice_changes_after_the_leave(demo):
    schedule = schedules_of("alfeld")["hausarztpraxis"]

    assert schedule.changes_ahead(TODAY) == (dt.date(2027, 1, 4),)


def test_one_service_has_no_hours_and_no_number(demo):
    silent = Service.objects.filter(weekly_rules=None, contacts=None)

    assert silent.filter(centre__slug="nordenham").count() == 1
