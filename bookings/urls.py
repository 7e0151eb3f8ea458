"""Rooms and requests; each address exists in every language."""

from django.urls import path

from bookings.views import (
    associations,
    bookings,
    date_changes,
    guests,
    own_calendar,
    own_feed,
    reminders,
    renewal,
    request,
    room_feed,
    rooms,
    series_change,
    series_end,
    series_extend,
)

OWN = "konto/vereine/<int:pk>/"

urlpatterns = [
    path("raeume/", rooms.room_list, name="room_list"),
    path("raeume/<slug:centre>/<slug:room>/", rooms.room, name="room"),
    path("raeume/<slug:centre>/<slug:room>/belegung.ics", room_feed.busy_times, name="room_feed"),
    path("raeume/<slug:centre>/<slug:room>/anfrage/", request.form, name="room_request"),
    path(
        "raeume/<slug:centre>/<slug:room>/anfrage/fuer-wen/<uuid:draft>/",
        request.association,
        name="room_request_association",
    ),
    path(
        "raeume/<slug:centre>/<slug:room>/anfrage/<uuid:draft>/termine/",
        request.dates,
        name="room_request_dates",
    ),
    path(
        "raeume/<slug:centre>/<slug:room>/anfrage/<uuid:draft>/verwerfen/",
        request.discard,
        name="room_request_discard",
    ),
    path(
        "raeume/<slug:centre>/<slug:room>/anfrage/pruefen/<uuid:draft>/",
        request.check,
        name="room_request_check",
    ),
    path(
        "raeume/<slug:centre>/<slug:room>/anfrage/<uuid:draft>/gast/",
        request.guest,
        name="room_request_guest",
    ),
    path("buchungen/gast/gesendet/", guests.guest_sent, name="guest_sent"),
    path("buchungen/gast/neuer-link/", guests.guest_link, name="guest_link"),
    path("buchungen/gast/<str:token>/", guests.guest_request, name="guest_request"),
    path("buchungen/<str:number>/gesendet/", request.sent, name="booking_sent"),
    path("buchungen/", bookings.my_bookings, name="my_bookings"),
    path("buchungen/<str:number>/", bookings.booking, name="booking"),
    path("buchungen/<str:number>/wieder/", request.again, name="booking_again"),
    path("buchungen/<str:number>/antworten/", bookings.booking_answer, name="booking_answer"),
    path(
        "buchungen/<str:number>/termin/<int:date>/absagen/",
        bookings.date_give_up,
        name="date_give_up",
    ),
    path("buchungen/<str:number>/termin/<int:date>/nehmen/", bookings.date_take, name="date_take"),
    path(
        "buchungen/<str:number>/termin/<int:date>/aendern/",
        date_changes.date_change,
        name="date_change",
    ),
    path(
        "buchungen/<str:number>/termin/<int:date>/aufnehmen/",
        date_changes.date_add_back,
        name="date_add_back",
    ),
    path(
        "buchungen/<str:number>/wunsch/<int:wish>/zuruecknehmen/",
        date_changes.wish_withdraw,
        name="wish_withdraw",
    ),
    path("buchungen/<str:number>/beenden/", series_end.series_end, name="series_end"),
    path(
        "buchungen/<str:number>/verlaengern/",
        series_extend.series_extend,
        name="series_extend",
    ),
    path("buchungen/<str:number>/aendern/", series_change.series_change, name="series_change"),
    path("buchungen/<str:number>/erneuern/", renewal.series_renew, name="series_renew"),
    path("buchungen/<str:number>/termin.ics", bookings.booking_calendar, name="booking_calendar"),
    path("konto/kalender/", own_calendar.own_calendar, name="own_calendar"),
    path("konto/kalender/neue-adresse/", own_calendar.renew, name="own_feed_renew"),
    path("konto/kalender/erinnerungen/", own_calendar.choose_reminders, name="own_reminders"),
    path("konto/kalender/<str:token>.ics", own_feed.dates, name="own_feed"),
    path("konto/erinnerung/<str:token>/absagen/", reminders.cancel, name="reminder_cancel"),
    path("konto/erinnerung/<str:token>/abbestellen/", reminders.off, name="reminders_off"),
    path("konto/vereine/", associations.own_associations, name="own_associations"),
    path("konto/vereine/neu/", associations.register, name="own_association_new"),
    path("konto/vereine/einladung/<str:token>/", associations.invitation, name="invitation"),
    path(OWN, associations.association, name="own_association"),
    path(f"{OWN}aendern/", associations.edit, name="own_association_edit"),
    path(f"{OWN}bestaetigen/", associations.confirm, name="own_association_confirm"),
    path(f"{OWN}einladen/", associations.invite, name="own_association_invite"),
    path(f"{OWN}uebergeben/", associations.hand_over, name="own_association_hand_over"),
    path(f"{OWN}verlassen/", associations.leave, name="own_association_leave"),
    path(f"{OWN}personen/<int:membership>/", associations.person, name="own_association_person"),
    path(f"{OWN}einladungen/<uuid:key>/erneut/", associations.resend, name="invitation_resend"),
    path(
        f"{OWN}einladungen/<uuid:key>/zurueckziehen/",
        associations.withdraw,
        name="invitation_withdraw",
    ),
]
