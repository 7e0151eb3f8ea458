"""Step 1 of a request: what is preset, what is refused at which field, and that typing is kept."""

import re
from html import unescape

import pytest
from django.test import Client

from bookings.models import Booking, RequestDraft
from bookings.services.closures import create_closure
from tests.bookings.request_flow import FORM, draft_key, fill_in, to_check, typed
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    member_of,
    promised,
    requested,
    span,
)
from tests.reading import main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]

HALF_AN_EMOJI = (
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), text.encode())
        for name, text in typed(purpose=r"\ud83c").items()
    )
    + b"--x--\r\n"
)
FIELDS = ["purpose", "group", "contact_name", "contact_phone", "wishes"]


@pytest.fixture(autouse=True)
def _room(room):
    """Most pages here are about this room."""


def errors_of(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors.items())


def ways_away(html: str) -> list[str]:
    """Return where the buttons lead that keep what was typed."""
    assert not re.search(rf'href="({FORM}|[^"]*\?woche=)', html)
    return [unescape(url) for url in re.findall(r'name="weg"\s+value="([^"]+)"', html)]


def test_a_free_block_fills_in_day_and_start(visitor: Client):
    page = visitor.get(f"{FORM}?tag=2026-11-27&von=19:30")
    said = main(page.text)
    assert "Raum anfragen – Schritt 1 von 2: Angaben" in said
    assert "Kursraum, Freitag, 27. November 2026, ab 19:30 Uhr ändern" in said
    assert "Datum Freitag von bis" in said
    assert 'value="2026-11-27"' in page.text
    assert 'value="19:30"' in page.text
    assert ways_away(page.text)[:2] == ["/raeume/alfeld/kursraum/?woche=2026-W48"] * 2


def test_the_page_is_kept_by_nobody_and_shows_eight_fields(visitor: Client):
    page = visitor.get(FORM)
    assert "no-store" in page["Cache-Control"]
    assert "rvz-header" in page.text
    before_more = page.text[page.text.index('<form class="rvz-form') :].split("<details")[0]
    assert before_more.count('class="kern-label"') == 8
    assert page.text.count("kern-btn--primary") == 1


@pytest.mark.parametrize(
    "query",
    [
        "tag=morgen&von=abends",
        "tag=9999-12-31&von=24:59",
        "tag=0001-01-01",
        "tag=2026-02-30",
        "von=" + "1" * 10_000,
        "tag=%F0%9F%8E%B5&bis=<b>",
    ],
)
def test_an_unreadable_address_is_said_and_answered(visitor: Client, query):
    page = visitor.get(f"{FORM}?{query}")
    assert page.status_code == 200
    assert "Nicht alles in der Adresse konnten wir lesen." in main(page.text)


@pytest.mark.parametrize(
    "path",
    [
        "/raeume/alfeld/keller/anfrage/",
        "/raeume/nirgends/kursraum/anfrage/",
        "/raeume/alfeld/geheim/anfrage/",
        "/raeume/alfeld/leer/anfrage/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_rooms_that_are_unknown_hidden_or_without_parts_are_not_found(
    visitor: Client, centre, path, method
):
    add_room(centre, "Geheim", is_public=False)
    add_room(centre, "Leer").spaces.clear()
    response = getattr(visitor, method)(path, typed())
    assert response.status_code == 404


def test_two_errors_stand_at_their_fields_and_in_the_summary(visitor: Client, centre):
    add_room(centre, "Saal", capacity=100)
    response = fill_in(visitor, end="18:30", start="19:30", persons="80", purpose="Adventssingen")
    assert response.status_code == 422
    said = main(response.text)
    assert "Bitte prüfen Sie 2 Angaben. Ihre Eingaben sind noch da." in said
    assert (
        "Das Ende muss nach dem Beginn liegen. Bitte geben Sie eine Uhrzeit nach 19:30 Uhr ein."
        in said
    )
    assert "In diesen Raum dürfen höchstens 25 Personen." in said
    assert "In diesen Raum dürfen höchstens 25 Personen. Für 80 Personen passt: Saal" in said
    assert 'href="#id_end"' in response.text
    assert 'href="#id_persons"' in response.text
    saal = "/raeume/alfeld/saal/anfrage/?tag=2026-11-27&von=19%3A30"
    assert any(url.startswith(saal) for url in ways_away(response.text))
    for text in ("Adventssingen", "18:30", "80", "Gemischter Chor", "040 66969 120"):
        assert f'value="{text}"' in response.text
    assert response.text.count('aria-invalid="true"') == 2
    assert "<title>\n      Fehler:" in response.text


def test_no_room_is_named_when_none_is_large_enough(visitor: Client, centre):
    add_room(centre, "Geheim", capacity=500, is_public=False)
    assert "passt:" not in main(fill_in(visitor, persons="80").text)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"day": "2026-11-23"}, "day", "Dieser Tag ist schon vorbei."),
        ({"day": "2027-12-24"}, "day", "bis zum 25. November 2027 möglich"),
        ({"day": "9999-12-31"}, "day", "Bitte prüfen Sie das Jahr."),
        ({"day": "31.02.2027"}, "day", "Bitte geben Sie einen Tag an"),
        ({"day": ""}, "day", "Bitte wählen Sie ein Datum."),
        ({"day": "2026-11-24", "start": "9:00", "end": "11:00"}, "start", "heute schon vorbei"),
        ({"end": "19:00"}, "end", "Das Ende muss nach dem Beginn liegen."),
        ({"end": "23:00"}, "end", "Der Raum ist an diesem Tag von 8:00 bis 22:00 Uhr nutzbar."),
        ({"end": "0:00"}, "end", "Der Raum ist an diesem Tag von"),
        ({"start": "7:00"}, "start", "Der Raum ist an diesem Tag von"),
        ({"start": "19:07"}, "start", "Viertelstunde"),
        ({"end": "19:15"}, "end", "mindestens 30 Minuten"),
        ({"start": "abends"}, "start", "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 19:30."),
        ({"day": "2027-03-28", "start": "2:30", "end": "9:00"}, "start", "gibt es"),
        ({"persons": "viele"}, "persons", "Bitte geben Sie eine Zahl ein, zum Beispiel 20."),
        ({"persons": "0"}, "persons", "Bitte geben Sie mindestens 1 Person an."),
        ({"persons": "-5"}, "persons", "Bitte geben Sie mindestens 1 Person an."),
        ({"persons": "9" * 30}, "persons", "höchstens 25 Personen"),
        ({"persons": "9" * 10_000}, "persons", "Bitte geben Sie eine Zahl ein, zum Beispiel 20."),
        ({"purpose": " "}, "purpose", "Bitte schreiben Sie, wofür"),
        ({"purpose": "Chor\x00probe"}, "purpose", "Nullzeichen"),
        ({"group": "Chor \u202eruhr"}, "group", "unsichtbares Zeichen"),
        ({"contact_name": "Erika \u2066Muster"}, "contact_name", "unsichtbares Zeichen"),
        ({"contact_phone": "ruf mich an"}, "contact_phone", "Bitte geben Sie eine Telefonnummer"),
        ({"group": None}, "group", "Bitte nennen Sie Ihren Verein oder Ihre Gruppe."),
        ({"layout": "999999"}, "layout", "Bitte wählen Sie eine Bestuhlung dieses Raums."),
        ({"layout": "x' OR 1=1"}, "layout", "Bitte wählen Sie eine Bestuhlung dieses Raums."),
    ],
)
def test_bad_input_is_refused_at_its_field(visitor: Client, values, field, sentence):
    response = fill_in(visitor, **values)
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    assert sentence in errors_of(response)[field][0].replace("\N{NO-BREAK SPACE}", " ")
    assert not Booking.objects.exists()


@pytest.mark.parametrize("field", FIELDS)
def test_ten_thousand_characters_are_refused_at_the_field_and_kept(visitor: Client, field):
    text = "ä<b>" * 2500
    response = fill_in(visitor, **{field: text})
    assert response.status_code == 422
    assert "Bitte kürzen Sie auf höchstens" in " ".join(errors_of(response)[field])
    assert "ä&lt;b&gt;" * 2500 in response.text
    assert not RequestDraft.objects.exists()


def test_a_seating_of_another_room_is_not_taken(visitor: Client, centre):
    other = add_room(centre, "Saal").layouts.get()
    assert "layout" in errors_of(fill_in(visitor, layout=str(other.pk)))


def test_a_seating_that_is_too_small_is_refused(visitor: Client, room):
    small = room.layouts.model.objects.create(room=room, name="Stuhlkreis", capacity=12)
    response = fill_in(visitor, layout=str(small.pk))
    assert errors_of(response)["layout"] == ["Diese Bestuhlung ist für höchstens 12 Personen."]
    assert '<details class="kern-accordion" open>' in response.text


def test_only_own_associations_can_be_chosen(visitor: Client, centre, singer):
    second, foreign = AssociationFactory.create_batch(2, home_centre=centre)
    second.memberships.create(user=singer)
    visitor.force_login(singer)
    assert foreign.name not in visitor.get(FORM).text
    response = fill_in(visitor, association=str(foreign.pk))
    assert "association" in errors_of(response)
    assert fill_in(visitor, association=str(second.pk)).status_code == 302


def test_group_and_contact_are_preset_from_the_last_request(visitor: Client, choir, singer):
    visitor.force_login(singer)
    page = visitor.get(FORM)
    assert "Gemischter Chor" in main(page.text)
    assert 'value="Erika Muster"' in page.text
    room = add_room(choir.home_centre, "Saal")
    requested(room, association=choir, requester=singer, contact_name="Otto Bass")
    assert 'value="Otto Bass"' in visitor.get(FORM).text


def test_a_time_that_another_group_asked_for_can_be_asked_for_too(visitor: Client, room):
    requested(room)
    response = fill_in(visitor)
    assert response.status_code == 422
    said = main(response.text)
    assert (
        "Diesen Termin hat gerade eine andere Gruppe angefragt. Frei sind an diesem Tag: "
        "8:00–19:00 und 21:00–22:00 Uhr." in said
    )
    assert "Trotzdem anfragen" in said
    again = visitor.post(
        FORM, {"entwurf": draft_key(response.text), **typed(), "wartet": "request"}
    )
    assert again.status_code == 302


def test_enter_in_the_form_asks_plainly_and_does_not_wait(visitor: Client, room):
    requested(room)
    buttons = re.findall(r'<button[^>]*form="anfrage"[^>]*>', fill_in(visitor).text)
    assert ["wartet" in button for button in buttons if "weg" not in button] == [False, True]
    assert "name=" not in buttons[0]


def test_the_form_tells_a_group_that_it_has_asked_for_the_time_itself(
    visitor: Client, room, choir, singer
):
    requested(room, association=choir)
    visitor.force_login(singer)
    said = main(fill_in(visitor, group=None).text)
    assert "Diesen Termin hat Ihre Gruppe schon angefragt." in said


def test_a_promised_time_leads_to_the_waiting_list_only(visitor: Client, room):
    promised(room)
    response = fill_in(visitor, wartet="request")
    assert "Dieser Termin wurde gerade vergeben. Frei sind" in main(response.text)
    assert "Auf die Warteliste" in response.text
    assert fill_in(visitor, wartet="promise").status_code == 302


def test_a_closed_time_offers_other_times_but_no_waiting(visitor: Client, room, manager):
    create_closure(
        centre=room.centre, rooms=[room], span=span(), reason="Reinigung", actor=manager, now=NOW
    )
    response = fill_in(visitor)
    assert "Reinigung" in main(response.text)
    assert 'name="wartet"' not in response.text


def test_a_free_time_keeps_everything_else(visitor: Client, room):
    requested(room)
    response = fill_in(visitor, purpose="Adventssingen", start="19:30", end="20:30")
    visitor.post(FORM, typed(purpose="Yoga", start="10:00", end="11:00"))  # in another window
    url = f"{FORM}?tag=2026-11-27&von=08%3A00&bis=09%3A00&entwurf={draft_key(response.text)}"
    assert url.replace("&", "&amp;") in response.text
    page = visitor.get(url)
    for text in ("Adventssingen", "08:00", "09:00", "040 66969 120"):
        assert f'value="{text}"' in page.text


def test_back_from_the_check_page_shows_what_was_typed(visitor: Client):
    to_check(visitor, purpose="Adventssingen")
    page = visitor.get(f"{FORM}?tag=2026-11-27&von=20:00")
    assert 'value="Adventssingen"' in page.text
    assert 'value="20:00"' in page.text
    assert 'value="22:00"' in page.text  # two hours, as typed
    assert "Adventssingen" not in Client(headers={"host": "localhost"}).get(FORM).text


def test_the_ways_away_keep_what_was_typed_before_the_first_step(visitor: Client, room):
    page = visitor.get(f"{FORM}?tag=2026-11-27&von=19:30")
    key, (week, _change, *blocks) = draft_key(page.text), ways_away(page.text)
    half = {
        "entwurf": key,
        **typed(
            end=None, start="19:30", purpose="Adventssingen", contact_phone="0406", persons="x"
        ),
    }
    assert visitor.post(FORM, {**half, "weg": week}).headers["Location"] == week
    back = visitor.get(f"{FORM}?tag=2026-11-28&von=10:00").text  # a block of the week
    for text in ("Adventssingen", "2026-11-28", "10:00", "0406", "x", "Erika Muster"):
        assert f'value="{text}"' in back
    assert draft_key(back) == key
    left = visitor.post(FORM, {**half, "purpose": "Yoga", "weg": blocks[0]})
    assert left.headers["Location"] == blocks[0]
    again = visitor.get(blocks[0]).text
    assert 'value="Yoga"' in again
    assert 'value="08:00"' in again
    assert RequestDraft.objects.count() == 1


def test_a_time_offered_beside_a_wrong_entry_keeps_it(visitor: Client, room):
    requested(room)
    wrong = typed(contact_phone="0406", end="20:00")
    page = fill_in(visitor, **wrong)
    free = next(url for url in ways_away(page.text) if "bis=" in url)
    sent = {"entwurf": draft_key(page.text), **wrong, "weg": free}
    assert 'value="0406"' in visitor.post(FORM, sent, follow=True).text


def test_who_typed_nothing_leaves_nothing_behind(visitor: Client, choir, singer):
    nothing = {"day": "2026-11-27", "start": "19:30", "repeats": "einmal", "rhythm": "woechentlich"}
    assert visitor.post(FORM, {**nothing, "weg": "/raeume/"}).headers["Location"] == "/raeume/"
    assert visitor.post(FORM, {**nothing, "weg": "//example.org/"}).status_code == 422
    requested(add_room(choir.home_centre, "Saal"), association=choir, requester=singer)
    visitor.force_login(singer)
    shown = visitor.get(FORM).context["form"].initial
    contact = {name: shown[name] for name in ("contact_name", "contact_phone")}
    visitor.post(FORM, {**nothing, **contact, "weg": "/raeume/"})
    assert not RequestDraft.objects.exists()


def test_text_that_cannot_be_stored_does_not_break_the_way_away(visitor: Client):
    for purpose in ("a\0b", "\ud83c", "a" * 30_000):
        sent = typed(purpose=purpose.encode("utf-8", "surrogatepass").decode("latin-1"))
        assert visitor.post(FORM, {**sent, "weg": "/raeume/"}).status_code == 302


def test_no_browser_cuts_what_was_pasted(visitor: Client):
    assert "maxlength" not in visitor.get(FORM).text.split("<main")[1].split("</main")[0]
    page = visitor.post(FORM, typed(purpose="a" * 10_000)).text
    assert "Bitte kürzen Sie" in main(page)
    assert "a" * 10_000 in page


def test_drafts_without_an_account_are_limited_but_can_be_changed(visitor: Client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_draft": "1/h/ip"}
    key = draft_key(fill_in(visitor, end="18:00").text)
    for _time in range(3):
        assert visitor.post(FORM, {"entwurf": key, **typed()}).status_code == 302
    stopped = visitor.post(FORM, typed(purpose="Adventssingen"))
    assert stopped.status_code == 429
    assert "Das war zu oft in kurzer Zeit." in main(stopped.text)
    assert 'value="Adventssingen"' in stopped.text
    assert RequestDraft.objects.count() == 1


def test_emoji_and_markup_are_text(visitor: Client):
    response = fill_in(visitor, purpose="🎵 <script>alert(1)</script>", persons="0")
    assert "<script>alert" not in response.text
    assert "🎵 &lt;script&gt;" in response.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"day": "2026-11-27"}', "application/json"),
        (b"day=2026-11-27", "text/plain"),
        (b"\xff\xfe=\xff&purpose=%FF%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"--x\r\nrubbish", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=b", "application/x-www-form-urlencoded; charset=utf-16"),
        (HALF_AN_EMOJI, "multipart/form-data; boundary=x; charset=raw_unicode_escape"),
    ],
)
def test_odd_bodies_are_refused_without_a_crash(visitor: Client, body, content_type):
    response = visitor.post(FORM, body, content_type=content_type)
    assert response.status_code in {400, 422}
    assert not RequestDraft.objects.exists()


def test_other_methods_are_refused(visitor: Client):
    assert visitor.delete(FORM).status_code == 405


def test_somebody_elses_draft_is_neither_shown_nor_overwritten(visitor: Client, choir, singer):
    visitor.force_login(singer)
    path = to_check(visitor, purpose="Geheimes Treffen")
    key = path.rstrip("/").split("/")[-1]
    stranger = Client(headers={"host": "localhost"})
    stranger.force_login(member_of(choir))
    assert "Geheimes" not in stranger.get(f"{FORM}?entwurf={key}").text
    stranger.post(FORM, {"entwurf": key, **typed(purpose="Anderes")})
    assert RequestDraft.objects.get(pk=key).values["purpose"] == "Geheimes Treffen"
