"""The week of a service in the admin: a sentence at the field, input kept, periods."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from wagtail.log_actions import registry

from cms.models import HoursKind, Service, WeeklyRule
from tests.cms.desk import NOW, text
from tests.factories.cms import ServiceFactory, weekly
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def week(**fields: str) -> dict[str, str]:
    """Return what the form sends for these fields: open_0 is Monday's."""
    return {"holiday_policy": "closed", **fields}


def address(service: Service, **query: str) -> str:
    url = reverse("service_hours", args=[service.pk])
    return url + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def stored(service: Service) -> list[tuple]:
    rules = service.weekly_rules.order_by("valid_from", "weekday", "start")
    return [(rule.kind, rule.weekday, f"{rule.start:%H:%M}–{rule.end:%H:%M}") for rule in rules]


# The week ----------------------------------------------------------------------------------------


def test_the_form_shows_the_stored_week_and_says_it_in_words(desk, practice):
    body = text(desk.get(address(practice)))
    assert 'name="open_0" value="8–12, 15–18"' in body
    assert "8:00–12:00 Uhr und 15:00–18:00 Uhr" in body


def test_saving_replaces_the_week_and_says_so(desk, practice):
    response = desk.post(address(practice), week(open_0="9-12", phone_4="8-8.30"), follow=True)
    assert stored(practice) == [("open", 0, "09:00–12:00"), ("phone", 4, "08:00–08:30")]
    assert "gelten sofort" in text(response)


def test_weeks_and_notes_stand_behind_the_time(desk, practice):
    desk.post(address(practice), week(open_1="8-12 (1. und 3. Dienstag im Monat; nur Labor)"))
    rules = practice.weekly_rules.values_list("pattern", "note")
    assert sorted(rules) == [("1", "nur Labor"), ("3", "nur Labor")]
    body = text(desk.get(address(practice)))
    assert 'value="8–12 (1. und 3. Dienstag im Monat; nur Labor)"' in body


def test_a_night_ends_on_the_next_day(desk, practice):
    desk.post(address(practice), week(open_4="19-24", open_5="22–2"))
    assert stored(practice) == [("open", 4, "19:00–00:00"), ("open", 5, "22:00–02:00")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12-8", "„12-8“: Das Ende muss nach dem Beginn liegen."),
        ("12-8", "Bitte geben Sie eine Uhrzeit nach 12:00 Uhr ein."),
        ("8-12, früh", "„früh“ wurde nicht verstanden. Bitte schreiben Sie Zeiten so"),
        ("8-12 Labor", "„Labor“ wurde nicht verstanden. Hinweise schreiben Sie bitte in Klammern"),
        ("8-12, ab 15", "Bei „ab 15“ fehlt der Beginn oder das Ende"),
        ("25-26", "„25-26“: Diese Uhrzeit gibt es nicht."),
        ("8-12, 11-13", "überschneidet sich mit 8:00–12:00 Uhr"),
        ("8-24, 11-13", "überschneidet sich mit 8:00–24:00 Uhr"),
        ("8-12 (1. Dienstag im Monat)", "„1. Dienstag im Monat“ passt nicht zu Montag."),
        ("8-12 (in geraden Wochen; nur in den Ferien)", "nur eine Angabe zu den Wochen"),
        ("8-12 (Labor", "„(Labor“: Hier fehlt eine Klammer."),
        (f"8-12 ({'x' * 121})", "Bitte schreiben Sie höchstens 120 Zeichen."),
        ("8" * 301, "höchstens 300 Zeichen"),
        ("8-12 (a\0b)", "Nullzeichen"),
    ],
)
def test_wrong_times_get_a_sentence_and_stay_in_the_form(desk, practice, typed, sentence):
    before = stored(practice)
    response = desk.post(address(practice), week(open_0=typed, open_1="7-8"))
    body = text(response)
    assert response.status_code == 422
    assert sentence in body
    assert "Ihre Eingaben sind noch da" in body
    assert f'name="open_0" value="{typed}"' in body
    assert 'name="open_1" value="7-8"' in body
    assert stored(practice) == before


def test_times_of_different_kinds_may_overlap(desk, practice):
    desk.post(address(practice), week(open_0="8-12", walk_in_0="8-9"))
    assert len(stored(practice)) == 2


def test_times_that_touch_do_not_overlap(desk, practice):
    desk.post(address(practice), week(open_0="8-12, 12-13"))
    assert len(stored(practice)) == 2


@pytest.mark.parametrize("field", ["open_2", "appointment_2"])
def test_by_arrangement_needs_no_times(desk, practice, field):
    desk.post(address(practice), week(**{field: "nach Vereinbarung"}))
    rule = practice.weekly_rules.get()
    assert (rule.kind, rule.weekday, rule.start) == (HoursKind.APPOINTMENT, 2, None)
    assert 'name="appointment_2" value="nach Vereinbarung"' in text(desk.get(address(practice)))


def test_by_arrangement_is_stored_once(desk, practice):
    desk.post(address(practice), week(open_2="n. V.", appointment_2="nach Vereinbarung"))
    assert practice.weekly_rules.count() == 1


def test_by_arrangement_does_not_fit_to_phone_hours(desk, practice):
    response = desk.post(address(practice), week(phone_2="nach Vereinbarung"))
    assert "„Nach Vereinbarung“ gehört zu den Zeiten nur mit Termin." in text(response)


def test_the_rule_for_holidays_is_saved_with_the_week(desk, practice):
    desk.post(address(practice), week(open_7="10:00-12:00", holiday_policy="own_times"))
    practice.refresh_from_db()
    assert practice.holiday_policy == "own_times"
    assert practice.weekly_rules.get().weekday == 7


def test_clearing_all_times_means_no_hours_are_known(desk, practice):
    desk.post(address(practice), week())
    assert not practice.weekly_rules.exists()


def test_a_change_of_hours_is_in_the_history_and_moves_the_date_of_the_facts(desk, practice):
    before = practice.facts_changed_at
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        desk.post(address(practice), week(open_0="8-12"))
    practice.refresh_from_db()
    assert practice.facts_changed_at > before
    entry = registry.get_logs_for_instance(practice).latest("timestamp")
    assert entry.action == "cms.change_hours"
    assert entry.user.first_name == "Mara"


# Periods -----------------------------------------------------------------------------------------


def test_a_validity_that_ends_before_it_begins_is_refused(desk, practice):
    values = week(open_0="8-12", valid_from="2026-12-24", valid_to="2026-12-23")
    response = desk.post(address(practice), values)
    assert "Der letzte Tag darf nicht vor dem ersten Tag liegen" in text(response)


def test_new_times_from_a_day_on_end_the_old_ones_the_day_before(desk, practice):
    practice.weekly_rules.exclude(weekday=0, start="08:00").delete()
    values = week(open_0="9-12", woche="neu", valid_from="2027-02-01")
    assert desk.post(address(practice), values).status_code == 302
    old, new = practice.weekly_rules.order_by("valid_from").reverse()
    assert (old.start, old.valid_to) == (dt.time(8), dt.date(2027, 1, 31))
    assert (new.start, new.valid_from, new.valid_to) == (dt.time(9), dt.date(2027, 2, 1), None)


def test_after_times_for_a_while_the_old_ones_hold_again(desk, practice):
    practice.weekly_rules.exclude(weekday=0, start="08:00").delete()
    values = week(open_0="9-12", woche="neu", valid_from="2027-02-01", valid_to="2027-02-28")
    desk.post(address(practice), values)
    periods = practice.weekly_rules.values_list("start", "valid_from", "valid_to")
    assert sorted(periods, key=str) == sorted(
        [
            (dt.time(8), None, dt.date(2027, 1, 31)),
            (dt.time(9), dt.date(2027, 2, 1), dt.date(2027, 2, 28)),
            (dt.time(8), dt.date(2027, 3, 1), None),
        ],
        key=str,
    )


def test_new_times_need_a_first_day(desk, practice):
    response = desk.post(address(practice), week(open_0="9-12", woche="neu"))
    assert response.status_code == 422
    assert practice.weekly_rules.filter(start="09:00").count() == 0


def test_each_week_is_edited_by_itself(desk, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 0, "08:00", "12:00", valid_to=dt.date(2027, 1, 31))
    weekly(practice, 0, "09:00", "12:00", valid_from=dt.date(2027, 2, 1))
    values = week(open_0="10-12", woche="2027-02-01_", valid_from="2027-02-01")
    desk.post(address(practice), values)
    assert stored(practice) == [("open", 0, "10:00–12:00"), ("open", 0, "08:00–12:00")]


def test_times_of_two_weeks_that_hold_at_once_must_not_overlap(desk, practice):
    weekly(practice, 0, "18:00", "20:00", valid_from=dt.date(2027, 1, 1))
    values = week(open_0="8-19", woche="_")
    response = desk.post(address(practice), values)
    assert "überschneidet sich mit 18:00–20:00 Uhr" in text(response)


# Coming back -------------------------------------------------------------------------------------


def test_after_saving_one_is_back_where_one_came_from(desk, practice):
    values = week(open_0="8-12", zurueck="/alfeld/hausarztpraxis/")
    assert desk.post(address(practice), values).url == "/alfeld/hausarztpraxis/"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_host(desk, practice, path):
    values = week(open_0="8-12", zurueck=path)
    assert desk.post(address(practice), values).url == reverse("service_hours", args=[practice.pk])
    assert path not in text(desk.get(address(practice, zurueck=path)))


@pytest.mark.parametrize("day", ["0001-01-01", "01.01.0001", "3026-12-23", "9999-12-31"])
@pytest.mark.parametrize("field", ["valid_from", "valid_to"])
def test_a_year_typed_wrong_is_asked_about(desk, practice, field, day):
    practice.weekly_rules.all().delete()
    values = week(open_3="8-9", woche="neu", valid_from="2027-01-01")
    response = desk.post(address(practice), {**values, field: day})
    assert response.status_code == 422
    assert "Bitte prüfen Sie das Jahr." in text(response)
    assert f'value="{day}"' in text(response)
    assert stored(practice) == []


# Who may -----------------------------------------------------------------------------------------


def test_an_assistant_keeps_her_hours_and_no_others(client, alfeld, nordholz, practice):
    other = ServiceFactory.create(centre=alfeld.centre, name="Physiotherapie")
    client.force_login(assistant_of(practice))
    body = text(client.get(reverse("hours_list")))
    assert practice.name in body
    assert "Physiotherapie" not in body
    assert client.post(address(practice), week(open_0="8-12")).status_code == 302
    for service in (other, nordholz.centre.services.get()):
        assert client.get(address(service)).status_code == 404
        assert client.post(address(service), week()).status_code == 404
    assert WeeklyRule.objects.filter(service=nordholz.centre.services.get()).exists()
    assert client.get(reverse("service_contact", args=[practice.pk])).status_code == 404


def test_visitors_are_asked_to_sign_in(client, practice):
    response = client.get(address(practice))
    assert response.status_code == 302
    assert response.url.startswith("/konto/login/")
