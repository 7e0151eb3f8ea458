"""The plan for a year on the shell: open, renew, look, decide."""

import datetime as dt
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from bookings.models import Booking, RenewalRound
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.states import DateState
from bookings.services.decisions import approve
from bookings.services.requests import send_request
from cms.opening_hours import BERLIN
from tests.factories.bookings import NOW, AssociationFactory, new_request

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2027, 5, 3, 12, tzinfo=BERLIN)
JULY = dt.datetime(2027, 7, 1, 12, tzinfo=BERLIN)
PLAN = ("--centre", "alfeld", "--plan", "2027/28")
OPEN = ("--first", "2027-08-19", "--last", "2027-09-16", "--collect-until", "2027-06-15")


@pytest.fixture(autouse=True)
def _series(centre, room, choir, manager) -> None:
    """Let two groups come every Tuesday, one after the other."""
    dancers = AssociationFactory.create(name="=Tanzkreis", home_centre=centre)
    for group, hour in ((choir, 19), (dancers, 17)):
        rule = Recurrence(Frequency.WEEKLY, (1,))
        times = dt.time(hour), dt.time(hour + 2)
        spans = spans_of(rule, dt.date(2027, 5, 4), dt.date(2027, 5, 18), *times)
        asked = replace(new_request(room, association=group, recurrence=rule), spans=spans)
        booking = send_request(request=asked, now=NOW)
        keys = booking.dates.filter(state=DateState.REQUESTED).values_list("pk", flat=True)
        approve(booking=booking, date_ids=keys, actor=manager, now=NOW)


def run(step: str, *arguments: str, now=MAY) -> str:
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("renewals", step, *arguments, *PLAN, stdout=out)
    return out.getvalue()


def refused(step: str, *arguments: str, now=MAY) -> CommandError:
    with pytest.raises(CommandError) as error:
        run(step, *arguments, now=now)
    return error.value


def test_from_opening_to_the_decision(manager, tmp_path: Path):
    by = ("--by", manager.email)
    assert run("open", *OPEN, *by) == (
        "Der Plan „2027/28“ ist offen. Die Gruppen können bis zum 15. Juni 2027 anfragen.\n"
    )
    assert "1 Terminreihe angefragt." in run("renew", "--association", "gemischter chor", *by)
    assert "1 Terminreihe angefragt." in run("renew", "--association", "=Tanzkreis", *by)
    again = run("renew", "--association", "=Tanzkreis", *by)
    assert "0 Terminreihen angefragt." in again
    assert "Schon im Plan: " in again
    assert "Ohne Überschneidung:" in run("rivals")

    table = run("rivals", "--csv").splitlines()
    assert table[0] == "Nummer;Tag;Entscheidung;Grund;Gruppe;Raum"
    assert table[1].endswith(";;;;Gemischter Chor;Kursraum")
    assert table[2].endswith(";;;;'=Tanzkreis;Kursraum")
    path = tmp_path / "plan.csv"
    answers = [
        table[0],
        table[1].replace(";;;;", ";;zusagen;;"),
        table[2].replace(";;;;", ";;ablehnen;Der Raum wird renoviert.;"),
    ]
    path.write_bytes("\r\n".join(answers).encode("cp1252"))
    assert "Bis zum 15. Juni 2027 können die Gruppen noch anfragen." in str(
        refused("decide", str(path), *by)
    )
    said = run("decide", str(path), *by, now=JULY)
    assert said == "Gespeichert; die Gruppen erfahren es. Der ganze Plan ist entschieden.\n"
    assert RenewalRound.objects.get().decided_by == manager
    singing, dancing = Booking.objects.filter(round__isnull=False).order_by("sent_at", "pk")
    assert singing.dates.filter(state=DateState.APPROVED).count() == 4
    assert dancing.dates.filter(state=DateState.REJECTED).count() == 4


def test_rivals_are_shown_side_by_side(manager, room, choir):
    by = ("--by", manager.email)
    run("open", *OPEN, *by)
    room.turnover_minutes = 30  # now both do not fit one after the other
    room.save()
    run("renew", "--association", choir.name, *by)
    run("renew", "--association", "=Tanzkreis", *by)
    shown = run("rivals")
    assert "Diese wollen dieselbe Zeit:" in shown
    assert (
        "    Gemischter Chor, Kursraum, Di., 24. August 2027, 19:00–21:00 Uhr | "
        "=Tanzkreis, Kursraum, Di., 24. August 2027, 17:00–19:00 Uhr" in shown
    )
    assert len(run("rivals", "--csv").splitlines()) == 1 + 2 * (1 + 4)


def test_a_table_with_faults_changes_nothing(manager, tmp_path: Path):
    by = ("--by", manager.email)
    run("open", *OPEN, *by)
    path = tmp_path / "plan.csv"
    path.write_text("ABC234;;ja;\nABC234;32.1.2027;nein;voll\n")
    error = refused("decide", str(path), *by, now=JULY)
    assert error.returncode == 1
    assert str(error).splitlines() == [
        "Zeile 2: „32.1.2027“ wurde nicht verstanden. Bitte schreiben Sie den Tag so: 30.06.2027.",
        "Zeile 1: ABC234 gehört nicht zu diesem Plan. Bitte sehen Sie noch einmal in die Liste.",
    ]


def test_wrong_use_is_told_apart(manager):
    by = ("--by", manager.email)
    assert refused("rivals").returncode == 2  # no such plan
    assert refused("open", *OPEN).returncode == 2  # in nobody's name
    run("open", *OPEN, *by)
    assert refused("renew", "--association", "Skat", *by).returncode == 2
    assert refused("open", *OPEN, *by).returncode == 1  # the name is taken
    assert "UTF-8" in str(refused("renew", "--association", "M\udce4nnerchor", *by))
