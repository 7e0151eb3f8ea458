"""The rooms of the demo. Everything about them is invented; the band on every page says so."""

from dataclasses import dataclass

from cms.models import Answer


@dataclass(frozen=True, kw_only=True)
class RoomData:
    """A room: `hours` as ("Mo Di", "8–12 15–22"), `layouts` as ("Reihen", 60)."""

    centre: str
    slug: str
    name: str
    spaces: tuple[str, ...]
    lead: str
    capacity: int
    layouts: tuple[tuple[str, int], ...]
    hours: tuple[tuple[str, str], ...]
    equipment: tuple[str, ...] = ()
    floor: str = "Erdgeschoss"
    step_free: Answer = Answer.UNKNOWN
    hearing_loop: Answer = Answer.UNKNOWN
    access_text: str = ""
    costs: str = ""
    costs_text: str = ""
    key_text: str = ""
    house_rules: str = "Bitte bis 22:00 Uhr aufräumen und lüften. Eigenes Essen ist erlaubt."
    turnover_minutes: int = 0
    has_pictures: bool = False


WORKDAYS, EVERY_DAY = "Mo Di Mi Do Fr", "Mo Di Mi Do Fr Sa So"
PIANO, PROJECTOR, KITCHEN = "Klavier", "Beamer und Leinwand", "Teeküche"
STAGE, FLIPCHART, MATS = "Bühne", "Flipchart", "Gymnastikmatten"

HALL_NORTH, HALL_SOUTH = "Saal, Nordhälfte", "Saal, Südhälfte"
HALL_HOURS = ((f"{WORKDAYS} Sa", "8–22"), ("So", "10–20"))
ALFELD_ACCESS = "Durch den Haupteingang, dann links. Alle Türen sind 95 cm breit."
ALFELD_KEY = "Vor dem ersten Termin am Empfang, Montag bis Freitag 8:00–12:00 Uhr."
FREE_FOR_CLUBS = "gemeinnützige Vereine kostenlos, sonst {rate} € je Stunde"
FREE_FOR_CLUBS_LONG = (
    "Gemeinnützige Vereine: kostenlos. Andere: {rate} € je Stunde, Reinigung enthalten."
)

ALFELD = (
    RoomData(
        centre="alfeld",
        slug="saal",
        name="Saal",
        spaces=(HALL_NORTH, HALL_SOUTH),
        lead="Der große Raum des Hauses, mit Klavier und Teeküche.",
        capacity=60,
        layouts=(("Reihen", 60), ("Tische", 40), ("Stuhlkreis", 30)),
        hours=HALL_HOURS,
        equipment=(PIANO, PROJECTOR, KITCHEN),
        step_free=Answer.YES,
        access_text=ALFELD_ACCESS,
        costs=FREE_FOR_CLUBS.format(rate=12),
        costs_text=FREE_FOR_CLUBS_LONG.format(rate=12),
        key_text=ALFELD_KEY,
        turnover_minutes=15,
        has_pictures=True,
    ),
    RoomData(
        centre="alfeld",
        slug="saal-nord",
        name="Saal Nord",
        spaces=(HALL_NORTH,),
        lead="Die Hälfte des Saals mit dem Klavier; die Trennwand ist zu.",
        capacity=30,
        layouts=(("Reihen", 30), ("Tische", 20), ("Stuhlkreis", 18)),
        hours=HALL_HOURS,
        equipment=(PIANO, KITCHEN),
        step_free=Answer.YES,
        access_text=ALFELD_ACCESS,
        costs=FREE_FOR_CLUBS.format(rate=7),
        costs_text=FREE_FOR_CLUBS_LONG.format(rate=7),
        key_text=ALFELD_KEY,
        turnover_minutes=15,
    ),
    RoomData(
        centre="alfeld",
        slug="saal-sued",
        name="Saal Süd",
        spaces=(HALL_SOUTH,),
        lead="Die Hälfte des Saals zum Garten; die Trennwand ist zu.",
        capacity=30,
        layouts=(("Reihen", 30), ("Tische", 20), ("Stuhlkreis", 18)),
        hours=HALL_HOURS,
        equipment=(PROJECTOR, MATS),
        step_free=Answer.YES,
        access_text=ALFELD_ACCESS,
        costs=FREE_FOR_CLUBS.format(rate=7),
        costs_text=FREE_FOR_CLUBS_LONG.format(rate=7),
        key_text=ALFELD_KEY,
        turnover_minutes=15,
    ),
    RoomData(
        centre="alfeld",
        slug="besprechung",
        name="Besprechungsraum",
        spaces=("Besprechungsraum",),
        lead="Ein ruhiger Raum für kleine Gruppen, mit eigener Tür zum Flur.",
        capacity=12,
        layouts=(("Ein Tisch", 12), ("Stuhlkreis", 10)),
        hours=((WORKDAYS, "8–21"), ("Sa", "9–16")),
        equipment=(FLIPCHART,),
        floor="1. Obergeschoss",
        step_free=Answer.YES,
        access_text="Mit dem Aufzug in das 1. Obergeschoss, Zimmer 1.10.",
        costs=FREE_FOR_CLUBS.format(rate=5),
        key_text=ALFELD_KEY,
    ),
)

NORDHOLZ_ACCESS = "Der Haupteingang hat Stufen. Bitte fragen Sie nach dem Weg ohne Stufen."
NORDHOLZ_KEY = "Den Schlüssel gibt das Café heraus, täglich bis 17:00 Uhr."
NORDHOLZ = (
    RoomData(
        centre="nordholz",
        slug="saal",
        name="Saal",
        spaces=("Saal",),
        lead="Der Bereich für Veranstaltungen neben dem Café.",
        capacity=80,
        layouts=(("Reihen", 80), ("Tische", 56)),
        hours=((EVERY_DAY, "9–22"),),
        equipment=(STAGE, PROJECTOR, KITCHEN),
        step_free=Answer.PARTLY,
        access_text=NORDHOLZ_ACCESS,
        costs=FREE_FOR_CLUBS.format(rate=15),
        costs_text=FREE_FOR_CLUBS_LONG.format(rate=15),
        key_text=NORDHOLZ_KEY,
        turnover_minutes=30,
    ),
    RoomData(
        centre="nordholz",
        slug="kursraum",
        name="Kursraum",
        spaces=("Kursraum",),
        lead="Ein heller Raum mit weichem Boden für Kurse und Bewegung.",
        capacity=20,
        layouts=(("Matten", 14), ("Stuhlkreis", 20)),
        hours=((f"{WORKDAYS} Sa", "8–21"),),
        equipment=(MATS,),
        step_free=Answer.PARTLY,
        access_text=NORDHOLZ_ACCESS,
        costs="8 € je Stunde",
        key_text=NORDHOLZ_KEY,
    ),
)

OTHERS = (
    RoomData(
        centre="nordenham",
        slug="gruppenraum",
        name="Gruppenraum",
        spaces=("Gruppenraum",),
        lead="Ein Raum für Gespräche, Kurse und Treffen.",
        capacity=24,
        layouts=(("Tische", 20), ("Stuhlkreis", 24)),
        hours=((WORKDAYS, "9–21"), ("Sa", "10–16")),
        equipment=(FLIPCHART, KITCHEN),
        floor="2. Obergeschoss",
        costs="für Gruppen aus der Region kostenlos",
        key_text="Den Schlüssel bekommen Sie in der Beratung, Montag bis Freitag 8:30–12:00 Uhr.",
    ),
    RoomData(
        centre="baddeckenstedt",
        slug="proberaum",
        name="Proberaum",
        spaces=("Proberaum",),
        lead="Hier darf es laut sein: der Raum für Chöre und Musik.",
        capacity=40,
        layouts=(("Reihen", 40), ("Stuhlkreis", 25)),
        hours=((WORKDAYS, "14–22"), ("Sa So", "10–20")),
        equipment=(PIANO,),
        costs=FREE_FOR_CLUBS.format(rate=8),
        key_text="Den Schlüssel bekommen Sie im Rathaus. Bitte rufen Sie vorher an.",
    ),
    RoomData(
        centre="auetal",
        slug="alte-molkerei",
        name="Raum in der Alten Molkerei",
        spaces=("Raum in der Alten Molkerei",),
        lead="Ein Raum mit Tischen und Teeküche für Vereine und Feiern.",
        capacity=35,
        layouts=(("Tische", 30), ("Reihen", 35)),
        hours=((WORKDAYS, "8–22"), ("Sa", "9–22")),
        equipment=(KITCHEN, PROJECTOR),
        costs=FREE_FOR_CLUBS.format(rate=9),
        key_text="Den Schlüssel gibt der Empfang heraus, Montag bis Donnerstag 8:00–12:00 Uhr.",
    ),
)

ROOMS = (*ALFELD, *NORDHOLZ, *OTHERS)
