"""The command that takes a list over: seen first, in sentences, with exit codes."""

import datetime as dt
import io
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookings.models import Booking
from tests.factories.bookings import promised, span

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning", "room")]

LINE = "Gemischter Chor;Di;19-21;Kursraum;26.1.2027"

FAULTS = """\
Zeile 1, Wochentag: „Xx“ ist kein Wochentag. Bitte schreiben Sie Montag bis Sonntag oder Mo bis So.
Zeile 1, Von–bis: „21-19“: Das Ende muss nach dem Beginn liegen. Bitte prüfen Sie beide Uhrzeiten.
Zeile 1, Raum: Das Zentrum hat keinen Raum „Turnhalle“. Bitte schreiben Sie einen von diesen: \
„Kursraum“.
Zeile 1, Bis: Den Tag „31.2.2027“ gibt es nicht. Bitte prüfen Sie Tag und Monat.
Zeile 2: Diese Zeile hat 3 statt 5 Spalten. Bitte schreiben Sie: Gruppe; Wochentag; von–bis; Raum; \
bis."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gruppen.csv"
    path.write_bytes(f"Gruppe;Wochentag;Von–bis;Raum;Bis\r\n{LINE}\r\n".encode("utf-16"))
    return path


def run(file, *arguments: str) -> str:
    out = StringIO()
    call_command("import_groups", str(file), "--centre", "alfeld", *arguments, stdout=out)
    return out.getvalue()


def refused(file, *arguments: str) -> CommandError:
    with pytest.raises(CommandError) as error:
        run(file, *arguments)
    return error.value


def test_without_save_it_only_shows(centre, file):
    said = run(file)
    assert (
        "Zeile 2: Gemischter Chor, Kursraum, jeden Dienstag, 19:00–21:00 Uhr – "
        "8 Termine vom 24. November 2026 bis 26. Januar 2027; ausgelassen: 2 (Weihnachtsferien); "
        "neue Gruppe" in said
    )
    assert "Es ist noch nichts gespeichert." in said
    assert not Booking.objects.exists()


def test_saving_says_what_was_taken_over_and_twice_is_once(centre, file, manager):
    said = run(file, "--save", "--by", manager.email)
    assert "1 Terminreihe übernommen. 1 neue Gruppe." in said
    again = run(file, "--save", "--by", manager.email)
    assert (
        "Zeile 2: Gemischter Chor, Kursraum, jeden Dienstag, 19:00–21:00 Uhr – ist schon da"
        in again
    )
    assert Booking.objects.count() == 1


def test_all_faults_stand_in_one_answer(centre, tmp_path):
    path = tmp_path / "liste.txt"
    path.write_text("Chor;Xx;21-19;Turnhalle;31.2.2027\nSkat;Di;19-21")
    error = refused(path)
    assert error.returncode == 1
    assert str(error) == FAULTS


def test_conflicts_are_listed_and_can_be_left_out(centre, room, choir, file, manager):
    promised(room, span("20:00", "22:00", dt.date(2026, 12, 1)))
    error = refused(file, "--save", "--by", manager.email)
    assert error.returncode == 1
    assert "--leave-out-conflicts" in str(error)
    said = run(file, "--leave-out-conflicts")
    assert "  Di., 1. Dezember 2026, 19:00–21:00 Uhr: belegt (Verein" in said
    run(file, "--save", "--by", manager.email, "--leave-out-conflicts")
    assert Booking.objects.filter(association=choir).exists()


def test_a_list_comes_from_standard_input_too(centre, monkeypatch):
    class Input:
        buffer = io.BytesIO(LINE.encode("cp1252"))

    monkeypatch.setattr("sys.stdin", Input)
    assert "Gemischter Chor" in run("-")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--centre", "nirgends"], "Es gibt kein Zentrum „nirgends“. Es gibt: alfeld."),
        (["--save"], "--by E-MAIL"),
        (
            ["--save", "--by", "niemand@example.org"],
            "Es gibt kein aktives Konto „niemand@example.org“.",
        ),
    ],
)
def test_wrong_use_is_told_apart(centre, file, arguments, said):
    error = refused(file, *arguments)
    assert error.returncode == 2
    assert said in str(error)


def test_a_day_that_does_not_exist_is_named(centre, file):
    said = "--from: Den Tag „31.02.2027“ gibt es nicht. Bitte schreiben Sie ihn so: 2027-01-31."
    assert said in str(refused(file, "--from", "31.02.2027"))


def test_a_missing_file_is_wrong_use(centre, tmp_path):
    for wrong in (tmp_path / "fehlt.csv", tmp_path):
        error = refused(wrong)
        assert error.returncode == 2
        assert f"„{wrong}“ lässt sich nicht lesen." in str(error)
