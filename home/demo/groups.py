"""The groups of the demo, who acts for them, and when they meet. All invented.

Weeks count from the week of loading: -1 is last week. Weekdays count from Monday = 0.
"""

from dataclasses import dataclass

from bookings.models import Association

EIGHT_WEEKS_BACK_AND_FORWARD = (-8, 8)
REGISTERED, GROUP = Association.LegalForm.REGISTERED, Association.LegalForm.GROUP


@dataclass(frozen=True, kw_only=True)
class Person:
    """`signs_in`: with the demo's password; `make demo` prints the login."""

    email: str
    first_name: str
    last_name: str
    signs_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Another time for one date, asked for yesterday; in the first of these weeks that works."""

    weeks: tuple[int, ...]
    times: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Regular:
    """Every week at the same time, promised long ago. `room` as "alfeld/saal"."""

    room: str
    weekday: int
    times: str
    purpose: str
    persons: int
    weeks: tuple[int, int] = EIGHT_WEEKS_BACK_AND_FORWARD
    called_off: tuple[int, ...] = ()  # weeks
    moved: Moved | None = None
    has_music: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One date, and what became of it: still open, promised, refused or asked about."""

    room: str
    week: int
    weekday: int
    times: str
    purpose: str
    persons: int
    days_ago: int  # when it was sent
    promised: bool = False
    refusal: str = ""
    question: str = ""
    wishes: str = ""
    is_public_event: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupData:
    """A group; its first person is the main contact."""

    name: str
    home: str
    people: tuple[Person, ...]
    phone: str
    legal_form: str = GROUP
    name_is_public: bool = True
    is_checked: bool = True
    regular: tuple[Regular, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClosureData:
    room: str
    week: int
    weekday: int
    times: str
    reason: str


CHOIR = GroupData(
    name="Gemischter Chor",
    home="alfeld",
    legal_form=REGISTERED,
    people=(
        Person(
            email="vorstand@chor.example.org",
            first_name="Renate",
            last_name="Ahlers",
            signs_in=True,
        ),
        Person(
            email="mitglied@chor.example.org",
            first_name="Jens",
            last_name="Wolter",
            signs_in=True,
        ),
    ),
    phone="040 66969 101",
    regular=(
        Regular(
            room="alfeld/saal",
            weekday=1,
            times="19:30–21:30",
            purpose="Chorprobe",
            persons=32,
            called_off=(-3,),
            has_music=True,
        ),
    ),
    wishes=(
        Wish(
            room="alfeld/saal",
            week=5,
            weekday=5,
            times="15–18:30",
            purpose="Konzert mit Kaffee und Kuchen",
            persons=55,
            days_ago=4,
            question="Wie viele Gäste erwarten Sie, und sollen die Stühle in Reihen stehen?",
            is_public_event=True,
        ),
    ),
)

SPORTS_CLUB = GroupData(
    name="Turngemeinschaft Leinetal",
    home="alfeld",
    legal_form=REGISTERED,
    is_checked=False,
    people=(
        Person(
            email="vorstand@turnen.example.org",
            first_name="Markus",
            last_name="Ebeling",
            signs_in=True,
        ),
    ),
    phone="040 66969 102",
    wishes=(
        Wish(
            room="alfeld/besprechung",
            week=1,
            weekday=1,
            times="18–20",
            purpose="Gymnastik",
            persons=12,
            days_ago=6,
            refusal="Für Bewegung ist dieser Raum zu klein.",
        ),
        Wish(
            room="alfeld/saal",
            week=2,
            weekday=6,
            times="13–17",
            purpose="Vorführung der Kindergruppen",
            persons=50,
            days_ago=1,
            is_public_event=True,
        ),
    ),
)

COUNTRY_WOMEN = GroupData(
    name="Landfrauen",
    home="alfeld",
    legal_form=REGISTERED,
    people=(Person(email="landfrauen@example.org", first_name="Heike", last_name="Meinecke"),),
    phone="040 66969 103",
    regular=(
        Regular(
            room="alfeld/saal",
            weekday=3,
            times="14–17",
            purpose="Kaffeenachmittag mit Vortrag",
            persons=38,
        ),
    ),
    wishes=(
        Wish(
            room="alfeld/saal",
            week=2,
            weekday=6,
            times="14–18",
            purpose="Basar",
            persons=45,
            days_ago=3,
            wishes="Zwölf Tische an den Wänden, bitte.",
            is_public_event=True,
        ),
    ),
)

YOGA = GroupData(
    name="Yoga am Mittwoch",
    home="alfeld",
    people=(Person(email="yoga@example.org", first_name="Sabine", last_name="Thiel"),),
    phone="040 66969 104",
    regular=(
        Regular(
            room="alfeld/saal-sued",
            weekday=2,
            times="18–19:30",
            purpose="Yoga",
            persons=14,
        ),
    ),
    wishes=(
        Wish(
            room="alfeld/besprechung",
            week=2,
            weekday=3,
            times="16–17:30",
            purpose="Kursplanung",
            persons=5,
            days_ago=2,
        ),
    ),
)

SELF_HELP = GroupData(
    name="Selbsthilfegruppe Angehörige",
    home="alfeld",
    name_is_public=False,
    people=(Person(email="selbsthilfe@example.org", first_name="Doris", last_name="Krüger"),),
    phone="040 66969 105",
    regular=(
        Regular(
            room="alfeld/besprechung",
            weekday=0,
            times="17–18:30",
            purpose="Gruppentreffen",
            persons=9,
            moved=Moved(
                weeks=(3, 4, 5),
                times="18:30–20",
                why="An diesem Abend kommt eine Referentin, die vorher noch arbeitet.",
            ),
        ),
    ),
)

SENIORS = GroupData(
    name="Seniorengymnastik",
    home="alfeld",
    people=(Person(email="gymnastik@example.org", first_name="Ute", last_name="Brandes"),),
    phone="040 66969 106",
    regular=(
        Regular(
            room="alfeld/saal-nord",
            weekday=0,
            times="9–11",
            purpose="Gymnastik",
            persons=16,
        ),
    ),
)

SHANTY_CHOIR = GroupData(
    name="Shantychor",
    home="nordholz",
    legal_form=REGISTERED,
    people=(Person(email="shantychor@example.org", first_name="Hinrich", last_name="Oltmann"),),
    phone="040 66969 107",
    regular=(
        Regular(
            room="nordholz/saal",
            weekday=3,
            times="19–21",
            purpose="Chorprobe",
            persons=28,
            has_music=True,
        ),
    ),
)

TODDLERS = GroupData(
    name="Krabbelgruppe",
    home="nordholz",
    people=(Person(email="krabbelgruppe@example.org", first_name="Lena", last_name="Harms"),),
    phone="040 66969 108",
    regular=(
        Regular(
            room="nordholz/kursraum",
            weekday=4,
            times="9:30–11",
            purpose="Treffen mit Kleinkindern",
            persons=12,
        ),
    ),
)

CHESS_CLUB = GroupData(
    name="Schachfreunde",
    home="nordenham",
    legal_form=REGISTERED,
    people=(Person(email="schach@example.org", first_name="Torsten", last_name="Lübben"),),
    phone="040 66969 109",
    regular=(
        Regular(
            room="nordenham/gruppenraum",
            weekday=2,
            times="18–20:30",
            purpose="Spielabend",
            persons=16,
        ),
    ),
)

CHURCH_CHOIR = GroupData(
    name="Singkreis",
    home="baddeckenstedt",
    people=(Person(email="singkreis@example.org", first_name="Karin", last_name="Bothe"),),
    phone="040 66969 110",
    regular=(
        Regular(
            room="baddeckenstedt/proberaum",
            weekday=2,
            times="19–21",
            purpose="Chorprobe",
            persons=22,
            has_music=True,
        ),
    ),
)

HERITAGE_CLUB = GroupData(
    name="Heimatverein",
    home="auetal",
    legal_form=REGISTERED,
    people=(Person(email="heimatverein@example.org", first_name="Wilfried", last_name="Kuhlmann"),),
    phone="040 66969 111",
    regular=(
        Regular(
            room="auetal/alte-molkerei",
            weekday=1,
            times="18–20",
            purpose="Arbeitskreis Ortsgeschichte",
            persons=10,
        ),
    ),
)

GROUPS = (
    CHOIR,
    COUNTRY_WOMEN,
    SPORTS_CLUB,
    YOGA,
    SELF_HELP,
    SENIORS,
    SHANTY_CHOIR,
    TODDLERS,
    CHESS_CLUB,
    CHURCH_CHOIR,
    HERITAGE_CLUB,
)

CLOSURES = (
    ClosureData(room="alfeld/saal", week=1, weekday=2, times="8–9:30", reason="Reinigung"),
    ClosureData(room="alfeld/saal", week=2, weekday=5, times="9–15", reason="Impftag"),
)
