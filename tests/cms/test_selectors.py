"""Questions to the facts: schedules, rows, notices, arrival, centres, frame."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.models import (
    Centre,
    Contact,
    Entrance,
    HolidayOverride,
    HoursException,
    Person,
    Service,
    ServiceKind,
    Stop,
    TransportOffer,
    WeekPattern,
)
from cms.opening_hours import BERLIN
from cms.selectors.arrival import arrival_of, door_text, offer_sentences, stop_text
from cms.selectors.notices import notices_of_centre
from cms.selectors.schedules import next_change, schedule_of, schedules_for, with_hours
from cms.selectors.service_facts import facts_of_service
from cms.selectors.services import service_groups
from tests.factories.cms import (
    CentreFactory,
    LocationFactory,
    ServiceFactory,
    closed,
    other_hours,
    weekly,
)

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)
TODAY = NOW.date()


@pytest.fixture
def centre(db) -> Centre:
    return CentreFactory.create(place="Alfeld", name="RVZ Leinebergland")


def groups_of(centre: Centre):
    return service_groups(with_hours(centre.services.all(), TODAY), NOW, {})


def rows_of(centre: Centre):
    return [row for group in groups_of(centre) for row in group.rows]


def plain(text: object) -> str:
    """Return the text with common spaces, which the eye cannot tell from the others."""
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


# Schedules


def test_schedule_tells_what_the_rows_say(centre):
    practice = ServiceFactory.practice(centre)
    other_hours(practice, "2026-11-27", "08:00", "11:00")
    schedule = schedule_of(practice)
    assert schedule.state_at(NOW).until == NOW.replace(hour=12, minute=0)
    friday = schedule.spans_on(dt.date(2026, 11, 27))
    assert [(span.start.hour, span.end.hour) for span in friday] == [(8, 11)]
    assert schedule.closed_by_holiday(dt.date(2027, 3, 26)) == "Karfreitag"


def test_schedules_are_the_same_fetched_one_by_one_and_together(centre):
    practice = ServiceFactory.practice(centre)
    other_hours(practice, "2026-11-27", "08:00", "11:00")
    closed(practice, "2026-12-23", "2027-01-02", substitute="Zweigstelle Freden")
    together = schedules_for(Service.objects.all(), TODAY)[practice]
    assert together.exceptions == schedule_of(practice).exceptions
    assert set(together.rules) == set(schedule_of(practice).rules)


def test_what_is_over_is_not_fetched(centre):
    practice = ServiceFactory.practice(centre)
    weekly(practice, 5, "08:00", "12:00", valid_to=dt.date(2026, 6, 30))
    closed(practice, "2025-12-23", "2026-01-02")
    schedule = schedules_for(Service.objects.all(), TODAY)[practice]
    assert schedule.exceptions == ()
    assert all(rule.weekday != 5 for rule in schedule.rules)


def test_a_reason_that_says_nothing_is_not_said(centre):
    practice = ServiceFactory.practice(centre)
    closed(practice, "2026-12-23", "2026-12-24", reason=HoursException.Reason.OTHER)
    assert schedule_of(practice).exceptions[0].reason == ""


def test_page_lives_until_the_first_change_of_any_schedule(centre):
    practice = ServiceFactory.practice(centre)
    cafe = ServiceFactory.create(centre=centre, kind=ServiceKind.CAFE)
    weekly(cafe, 1, "10:30", "17:00")
    schedules = [schedule_of(practice), schedule_of(cafe)]
    assert next_change(schedules, NOW) == NOW.replace(hour=10, minute=30)


def test_page_without_hours_lives_until_midnight():
    assert next_change([], NOW) == dt.datetime(2026, 11, 25, tzinfo=BERLIN)


def test_of_the_hour_that_comes_twice_the_first_change_counts(centre):
    schedules = []
    for end in ("02:45", "02:40"):
        cafe = ServiceFactory.create(centre=centre, kind=ServiceKind.CAFE)
        weekly(cafe, 6, "01:00", end)
        schedules.append(schedule_of(cafe))
    cafe = ServiceFactory.create(centre=centre, kind=ServiceKind.CAFE)
    weekly(cafe, 6, "01:00", "03:10")
    schedules.append(schedule_of(cafe))
    now = dt.datetime(2026, 10, 25, 0, 20, tzinfo=dt.UTC)  # 2:20, still summer time
    change = next_change(schedules, now)
    assert change.astimezone(dt.UTC) == dt.datetime(2026, 10, 25, 0, 40, tzinfo=dt.UTC)


def test_the_night_of_yesterday_is_fetched(centre):
    cafe = ServiceFactory.create(centre=centre, kind=ServiceKind.CAFE)
    weekly(cafe, 0, "22:00", "02:00", valid_to=TODAY - dt.timedelta(days=1))
    schedule = schedules_for(Service.objects.all(), TODAY)[cafe]
    assert schedule.state_at(NOW.replace(hour=1)).until == NOW.replace(hour=2, minute=0)


@pytest.mark.parametrize("many", [3, 40])
def test_states_take_two_queries_however_many(centre, many):
    HolidayOverride.objects.create(
        kind=HolidayOverride.Kind.PUBLIC, first_day=TODAY, last_day=TODAY, name="Ortsfeiertag"
    )
    for _ in range(many):
        service = ServiceFactory.create(centre=centre)
        weekly(service, 1, "08:00", "12:00")
        weekly(service, 1, "22:00", "02:00", pattern=WeekPattern.SCHOOL_WEEKS)
        other_hours(service, "2026-11-27", "08:00", "11:00")
    with CaptureQueriesContext(connection) as queries:
        schedules = schedules_for(centre.services.all(), TODAY)
        states = [schedule.state_at(NOW) for schedule in schedules.values()]
    assert [state.holiday for state in states] == ["Ortsfeiertag"] * many
    assert len(queries) == 2


# Rows


def test_practice_leads_then_the_editors_order(centre):
    ServiceFactory.create(centre=centre, name="Café", kind=ServiceKind.CAFE, sort_order=1)
    ServiceFactory.create(centre=centre, name="Apotheke", kind=ServiceKind.PHARMACY, sort_order=2)
    ServiceFactory.practice(centre, sort_order=90)
    assert [row.name for row in rows_of(centre)] == ["Hausarztpraxis (MVZ)", "Café", "Apotheke"]


def test_row_says_state_times_and_phone(centre):
    ServiceFactory.practice(centre)
    (row,) = rows_of(centre)
    assert plain(row.state) == "Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr"
    assert [plain(text) for text in row.times] == ["8:00–12:00 Uhr", "15:00–18:00 Uhr"]
    assert row.phone == "030 23125 410"


def test_phone_of_a_row_is_the_first_number_not_the_first_contact(centre):
    service = ServiceFactory.create(centre=centre)
    Contact.objects.create(service=service, email="a@example.org", sort_order=0)
    Contact.objects.create(service=service, phone="030 23125 420", sort_order=1)
    assert rows_of(centre)[0].phone == "030 23125 420"


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [({"phone": "030 23125 420"}, "Bitte rufen Sie an."), ({"email": "a@example.org"}, "")],
)
def test_only_where_a_number_is_known_the_row_asks_to_ring(centre, contact, sentence):
    service = ServiceFactory.create(centre=centre)
    Contact.objects.create(service=service, **contact)
    assert rows_of(centre)[0].state.rest == sentence


def test_on_a_public_holiday_a_row_says_only_once_that_it_is_closed(centre):
    weekly(ServiceFactory.create(centre=centre), 3, "08:00", "12:00")
    ascension = dt.datetime(2027, 5, 6, 10, 14, tzinfo=BERLIN)
    services = with_hours(centre.services.all(), ascension.date())
    ((row,),) = [group.rows for group in service_groups(services, ascension, {})]
    assert row.state.word == "Heute geschlossen"
    assert not row.closed_today


def test_service_without_hours_is_unknown_not_closed(centre):
    ServiceFactory.create(centre=centre)
    (row,) = rows_of(centre)
    assert row.state.word == "Zeiten: keine Angabe."
    assert row.times == ()
    assert not row.closed_today
    assert row.phone == ""


def test_eight_services_need_no_headings_nine_do(centre):
    kinds = [ServiceKind.GP, ServiceKind.DAY_CARE, ServiceKind.OFFICE, ServiceKind.CAFE]
    for kind in kinds * 2:
        ServiceFactory.create(centre=centre, kind=kind)
    assert [group.heading for group in groups_of(centre)] == [""]
    ServiceFactory.create(centre=centre, kind=ServiceKind.HOUSE)
    assert [(group.heading, len(group.rows)) for group in groups_of(centre)] == [
        ("Medizin", 2),
        ("Pflege & Therapie", 2),
        ("Beratung & Ämter", 2),
        ("Treffen & Alltag", 3),
    ]


def test_every_kind_has_a_heading(centre):
    for kind in ServiceKind.values:
        ServiceFactory.create(centre=centre, kind=kind)
    assert sum(len(group.rows) for group in groups_of(centre)) == len(ServiceKind.values)


def test_centre_without_services_has_no_group(centre):
    assert groups_of(centre) == []


# Notices


def test_notices_are_those_of_today_and_the_next_fortnight(centre):
    practice = ServiceFactory.practice(centre)
    closed(practice, "2026-12-08", "2026-12-08")
    closed(practice, "2026-12-09", "2026-12-10")
    notices = notices_of_centre(rows_of(centre), TODAY)
    assert [plain(notice.title) for notice in notices.shown] == [
        "Hausarztpraxis (MVZ) – Urlaub: am 8. Dezember 2026 geschlossen"
    ]


def test_two_notices_stand_in_full_todays_first_the_rest_is_folded(centre):
    practice = ServiceFactory.practice(centre)
    cafe = ServiceFactory.create(centre=centre, name="Café", kind=ServiceKind.CAFE)
    weekly(cafe, 1, "10:00", "17:00")
    closed(practice, "2026-11-27", "2026-11-27")
    closed(practice, "2026-12-01", "2026-12-01")
    closed(cafe, "2026-11-20", "2026-11-24")
    notices = notices_of_centre(rows_of(centre), TODAY)
    assert len(notices.shown) == 2
    assert notices.shown[0].title.startswith("Café")
    assert [plain(notice.title) for notice in notices.folded] == [
        "Hausarztpraxis (MVZ) – Urlaub: am 1. Dezember 2026 geschlossen"
    ]


def test_notice_is_kept_back_until_it_may_be_shown(centre):
    practice = ServiceFactory.practice(centre)
    closed(practice, "2026-11-27", "2026-11-27", shown_from=dt.date(2026, 11, 25))
    assert notices_of_centre(rows_of(centre), TODAY).shown == []


def test_notice_names_return_and_substitute(centre):
    practice = ServiceFactory.practice(centre)
    closed(
        practice,
        "2026-11-23",
        "2026-11-27",
        substitute="Zweigstelle Freden",
        substitute_phone="030 23125 460",
    )
    (notice,) = notices_of_centre(rows_of(centre), TODAY).shown
    assert plain(notice.returns) == "Ab Montag, 30. November, sind wir wieder da."
    assert notice.substitute
    assert notice.substitute.uri == "tel:+493023125460"
    assert notice.covers_today


# Arrival


def test_offers_of_other_times_are_left_out(centre):
    valid = TransportOffer.objects.create(centre=centre, valid_to=TODAY)
    TransportOffer.objects.create(centre=centre, valid_to=dt.date(2026, 11, 23))
    TransportOffer.objects.create(centre=centre, valid_from=dt.date(2026, 11, 25))
    assert arrival_of(centre, TODAY).offers == [valid]


def test_one_day_of_checking_is_said_once_different_ones_are_not(centre):
    LocationFactory.create(centre=centre, checked_on=dt.date(2026, 11, 12))
    offer = TransportOffer.objects.create(centre=centre, checked_on=dt.date(2026, 11, 12))
    assert arrival_of(centre, TODAY).checked_on == dt.date(2026, 11, 12)
    offer.checked_on = dt.date(2025, 3, 1)
    offer.save()
    assert arrival_of(centre, TODAY).checked_on is None
    assert "1. März 2025" in plain(offer_sentences(offer, with_check=True))


def test_centre_without_building_has_no_address(centre):
    arrival = arrival_of(centre, TODAY)
    assert arrival.location is None
    assert arrival.checked_on is None


def test_stop_and_door_say_only_what_is_known(centre):
    location = LocationFactory.create(centre=centre)
    stop = Stop.objects.create(
        location=location, name="Rathaus", lines="Linie 21", walking_minutes=1, step_free="no"
    )
    assert plain(stop_text(stop)) == (
        "Haltestelle Rathaus, Linie 21 – 1 Minute zu Fuß, ohne Stufen: nein"
    )
    assert stop_text(Stop(name="Rathaus")) == "Haltestelle Rathaus"
    assert door_text(Entrance(name="Eingang")) == ""
    assert door_text(Entrance(automatic_door="yes", door_width_cm=110)) == (
        ", Tür öffnet von selbst, Tür 110 cm breit"
    )


# One service


def test_team_is_who_works_there_today_by_role(centre):
    practice = ServiceFactory.practice(centre)
    Person.objects.create(service=practice, name="A", role="Hausärztin")
    Person.objects.create(
        service=practice, name="B", role="Hausärztin", valid_to=dt.date(2026, 11, 23)
    )
    Person.objects.create(
        service=practice, name="C", role="Hausärztin", valid_from=dt.date(2026, 11, 25)
    )
    Person.objects.create(service=practice, role="Medizinische Fachangestellte")
    team = facts_of_service(practice.pk, NOW).team
    assert [(role.name, [person.name for person in role.people]) for role in team] == [
        ("Hausärztin", ["A"]),
        ("Medizinische Fachangestellte", []),
    ]


@pytest.mark.parametrize(
    ("kind", "shown"), [("gp", True), ("specialist", True), ("cafe", False), ("midwife", False)]
)
def test_only_doctors_point_to_116117(centre, kind, shown):
    service = ServiceFactory.create(centre=centre, kind=kind)
    assert facts_of_service(service.pk, NOW).shows_emergency is shown


def test_116117_stands_near_the_state_only_while_the_practice_is_closed(centre):
    practice = ServiceFactory.practice(centre)
    assert not facts_of_service(practice.pk, NOW).emergency_is_near
    assert facts_of_service(practice.pk, NOW.replace(hour=20)).emergency_is_near


def test_closures_further_ahead_than_the_notices_stand_below_the_hours(centre):
    practice = ServiceFactory.practice(centre)
    closed(practice, "2026-12-01", "2026-12-01")
    closed(practice, "2026-12-23", "2027-01-02")
    facts = facts_of_service(practice.pk, NOW)
    assert [plain(notice.title) for notice in facts.notices] == [
        "Urlaub: am 1. Dezember 2026 geschlossen"
    ]
    assert [plain(text) for text in facts.later_closures] == [
        "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027"
    ]


def test_service_stands_in_the_only_building_if_none_is_named(centre):
    location = LocationFactory.create(centre=centre)
    service = ServiceFactory.create(centre=centre)
    assert facts_of_service(service.pk, NOW).location == location
    LocationFactory.create(centre=centre, name="Zweigstelle")
    assert facts_of_service(service.pk, NOW).location is None
