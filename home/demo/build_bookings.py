"""Lets the groups of the demo ask, and their centres answer, through the same services as people.

The past is made by telling the services an earlier `now`. A group is created with all its dates or
left alone: whoever removed a date did it on purpose.
"""

import datetime as dt

from allauth.account.models import EmailAddress
from wagtail.users.models import UserProfile

from bookings.models import Association, Booking, BookingDate, Closure, Membership, Room
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import RefusedError
from bookings.rules.spans import Span
from bookings.rules.wall_clock import instant, span_on
from bookings.services.associations import check_association, register_association
from bookings.services.changes import Move, ask_for_change
from bookings.services.closures import DatesInTheWayError, create_closure
from bookings.services.decisions import approve, ask, reject
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.requests import NewRequest, Waits, send_request
from cms.models import Centre, User
from home.demo.build_facts import spans
from home.demo.build_people import ADMINISTRATOR, MANAGERS, create_person
from home.demo.groups import CLOSURES, GROUPS, ClosureData, GroupData, Moved, Person, Regular, Wish

REGULAR_ASKED_DAYS_AGO = 80  # before the first of their dates
OPEN_FOR_GUESTS = "auetal"
MORNING, NOON = dt.time(9, 40), dt.time(12, 15)


def ensure_bookings(today: dt.date) -> int:
    """Create the groups that are missing with all their dates; return how many."""
    centres = {centre.slug: centre for centre in Centre.objects.select_related("group")}
    rooms = rooms_by_address()
    if not rooms:
        return 0
    house = House(centres, rooms, today)
    is_new = not Association.objects.exists()
    if is_new and OPEN_FOR_GUESTS in centres:
        save_policy(centre=centres[OPEN_FOR_GUESTS], values={"guests": True})
    new = [(data, group) for data in GROUPS if (group := house.ensure_group(data))]
    for data, group in new:
        for regular in data.regular:
            house.meet_regularly(data, group, regular)
    wishes = [(wish, data, group) for data, group in new for wish in data.wishes]
    for wish, data, group in sorted(wishes, key=lambda entry: -entry[0].days_ago):
        house.wish(data, group, wish)
    for closure in CLOSURES if is_new else ():
        house.close(closure)
    return len(new)


def rooms_by_address() -> dict[str, Room]:
    rooms = Room.objects.select_related("centre").prefetch_related("hours")
    return {f"{room.centre.slug}/{room.slug}": room for room in rooms}


class House:
    """The centres, their rooms and managers, seen from one day."""

    def __init__(self, centres: dict[str, Centre], rooms: dict[str, Room], today: dt.date) -> None:
        self.centres = centres
        self.rooms = rooms
        self.today = today
        self.managers = {user.email: user for user in User.objects.filter(is_active=True)}

    def ago(self, days: int, at: dt.time = MORNING) -> dt.datetime:
        return instant(self.today - dt.timedelta(days=days), at)

    def span(self, week: int, weekday: int, times: str) -> Span:
        monday = self.today - dt.timedelta(days=self.today.weekday())
        day = monday + dt.timedelta(weeks=week, days=weekday)
        return span_on(day, *spans(times)[0])

    def manager_of(self, room: Room) -> User:
        email = MANAGERS.get(room.centre.slug, ADMINISTRATOR)
        return self.managers.get(email) or self.managers[ADMINISTRATOR]

    def ensure_group(self, data: GroupData) -> Association | None:
        """Return the group if it is new."""
        home = self.centres.get(data.home)
        contact = data.people[0].email
        is_known = Association.objects.filter(name=data.name).exists()
        if home is None or is_known or User.objects.filter(email=contact).exists():
            return None
        people = [person for data in data.people if (person := create_contact(data))]
        group = register_association(
            name=data.name,
            legal_form=data.legal_form,
            home_centre=home,
            user=people[0],
            name_is_public=data.name_is_public,
            now=self.ago(REGULAR_ASKED_DAYS_AGO + 1 if data.is_checked else 8),
        )
        for person in people[1:]:
            Membership.objects.create(association=group, user=person)
        if data.is_checked:
            manager = self.managers.get(MANAGERS.get(data.home, ADMINISTRATOR))
            check_association(
                association=group,
                seen=group.words_to_check,
                actor=manager or self.managers[ADMINISTRATOR],
                now=self.ago(REGULAR_ASKED_DAYS_AGO, NOON),
            )
        return group

    def meet_regularly(self, data: GroupData, group: Association, regular: Regular) -> None:
        first, last = regular.weeks
        weeks = range(first, last + 1)
        booking = self.send(
            data,
            group,
            regular,
            [self.span(week, regular.weekday, regular.times) for week in weeks],
            now=self.ago(REGULAR_ASKED_DAYS_AGO),
        )
        if booking is None:
            return
        dates = list(booking.dates.order_by("occurrence__start"))
        approve(
            booking=booking,
            date_ids=[date.pk for date in dates],
            actor=self.manager_of(self.rooms[regular.room]),
            now=self.ago(REGULAR_ASKED_DAYS_AGO - 2),
        )
        for week in regular.called_off:
            date = dates[week - first]
            date.booking = booking
            start = self.span(week, regular.weekday, regular.times).start
            give_up(date=date, actor=booking.requester, now=start - dt.timedelta(days=2))
        if regular.moved:
            self.wish_to_move(booking, regular, regular.moved, dates)

    def wish_to_move(
        self, booking: Booking, regular: Regular, moved: Moved, dates: list[BookingDate]
    ) -> None:
        """Ask for another time on the same day; a holiday or others may be in the way."""
        for week in moved.weeks:
            date = dates[week - regular.weeks[0]]
            span = self.span(week, regular.weekday, moved.times)
            try:
                ask_for_change(
                    booking=booking,
                    moves=[Move(date.pk, self.rooms[regular.room], span)],
                    actor=booking.requester,
                    now=self.ago(1),
                    text=moved.why,
                )
            except RefusedError:
                continue
            return

    def wish(self, data: GroupData, group: Association, wish: Wish) -> None:
        span = self.span(wish.week, wish.weekday, wish.times)
        booking = self.send(data, group, wish, [span], now=self.ago(wish.days_ago))
        if booking is None:
            return
        manager = self.manager_of(self.rooms[wish.room])
        # Noon of the same day: never after the moment of loading, as `days_ago` is 1 at least.
        now = self.ago(wish.days_ago, NOON)
        dates = [date.pk for date in booking.dates.all()]
        if wish.question:
            ask(booking=booking, actor=manager, question=wish.question, now=now)
        elif wish.refusal:
            reject(booking=booking, date_ids=dates, actor=manager, reason=wish.refusal, now=now)
        elif wish.promised:
            approve(booking=booking, date_ids=dates, actor=manager, now=now)

    def send(
        self,
        data: GroupData,
        group: Association,
        asked: Regular | Wish,
        when: list[Span],
        *,
        now: dt.datetime,
    ) -> Booking | None:
        """Send a request; None if the room or the time is somebody else's by now."""
        room = self.rooms.get(asked.room)
        contact = data.people[0]
        requester = User.objects.get(email=contact.email)
        if room is None:
            return None
        request = NewRequest(
            room=room,
            association=group,
            requester=requester,
            spans=when,
            recurrence=Recurrence(Frequency.WEEKLY, (asked.weekday,))
            if isinstance(asked, Regular)
            else None,
            purpose=asked.purpose,
            persons=asked.persons,
            contact_name=f"{contact.first_name} {contact.last_name}",
            contact_phone=data.phone,
            wishes=asked.wishes if isinstance(asked, Wish) else "",
            is_public_event=isinstance(asked, Wish) and asked.is_public_event,
            has_music=isinstance(asked, Regular) and asked.has_music,
            waits=Waits.BEHIND_REQUEST if isinstance(asked, Wish) else Waits.NO,
        )
        try:
            return send_request(request=request, now=now)
        except RefusedError:
            return None

    def close(self, data: ClosureData) -> Closure | None:
        room = self.rooms.get(data.room)
        if room is None:
            return None
        try:
            return create_closure(
                centre=room.centre,
                rooms=[room],
                span=self.span(data.week, data.weekday, data.times),
                reason=data.reason,
                actor=self.manager_of(room),
                now=self.ago(20),
            )
        except DatesInTheWayError:
            return None


def create_contact(data: Person) -> User | None:
    """Create somebody of a group; None if the address is taken."""
    if data.signs_in:
        return create_person(data.email, data.first_name, data.last_name)
    if User.objects.filter(email=data.email).exists():
        return None
    person = User.objects.create_user(
        data.email, None, first_name=data.first_name, last_name=data.last_name
    )
    EmailAddress.objects.create(user=person, email=data.email, verified=True, primary=True)
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "de"})
    return person
