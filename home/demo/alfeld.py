"""RVZ Leinebergland in Alfeld, with the branch in Freden.

Sources: sieben-region.de (start of the practice, 4 October 2022), kwg-hi.de, mb.niedersachsen.de,
region-leinebergland.de (branch Freden, 1 July 2024). The operator's page on region-leinebergland.de was
read on 21 November 2026: the status is of that day.
"""

import datetime as dt

from cms.models import Accent, Centre, HoursException, HoursKind, ServiceKind, WeekPattern
from home.demo.blocks import bullets, notice, subheading, text
from home.demo.days import (
    christmas_leave_ends,
    christmas_leave_starts,
    days_ago,
    monday_after_christmas_leave,
    next_working_day,
)
from home.demo.values import (
    CentreData,
    Door,
    Hours,
    LocationData,
    OtherHours,
    PageText,
    Reach,
    Ride,
    ServiceData,
    StopData,
)

FREDEN = "Zweigstelle Freden"
MVZ = "MVZ Leinebergland GmbH"

PRACTICE = ServiceData(
    slug="hausarztpraxis",
    name="Hausarztpraxis (MVZ)",
    kind=ServiceKind.GP,
    provider=MVZ,
    floor="Erdgeschoss",
    door="erste Tür links",
    reach=(
        Reach(phone="030 23125 410"),
        Reach(label="Rezepte", phone="030 23125 411"),
    ),
    roles=("Hausärztinnen und Hausärzte", "Medizinische Fachangestellte"),
    hours=(
        Hours(days="Mo Di", spans="8–12 15–18"),
        Hours(days="Mi", spans="8–12"),
        Hours(days="Do", spans="8–12 16–19"),
        Hours(days="Fr", spans="8–13"),
        Hours(days="Mi", spans="15–17", starts=monday_after_christmas_leave),
        Hours(days="Mo Di Mi Do Fr", spans="8–9:30", kind=HoursKind.WALK_IN),
        Hours(days="Mo Di", spans="7:30–11:30 15–16:30", kind=HoursKind.PHONE),
        Hours(days="Mi", spans="7:30–11:30", kind=HoursKind.PHONE),
        Hours(days="Do", spans="7:30–11:30 16–17:30", kind=HoursKind.PHONE),
        Hours(days="Fr", spans="7:30–12:30", kind=HoursKind.PHONE),
    ),
    other_hours=(
        OtherHours(
            first=christmas_leave_starts,
            last=christmas_leave_ends,
            reason=HoursException.Reason.LEAVE,
            substitute=FREDEN,
            substitute_phone="030 23125 460",
        ),
    ),
    page=PageText(
        lead="Die Praxis ist die erste Adresse, wenn Sie krank sind oder Rat zur Gesundheit brauchen.",
        body=(
            text(
                subheading("Termin"),
                "Rufen Sie an oder fragen Sie am Empfang. Ohne Termin kommen Sie bitte in die "
                "offene Sprechstunde.",
                subheading("Rezept und Überweisung"),
                "Sprechen Sie Ihre Bestellung auf das Rezepttelefon. Sie holen die Papiere am "
                "nächsten Werktag ab.",
                subheading("Bitte mitbringen"),
                bullets(
                    "Ihre Versichertenkarte",
                    "Ihren Medikamentenplan",
                    "Befunde aus anderen Praxen oder dem Krankenhaus",
                ),
            ),
            notice(
                "Sie sind das erste Mal hier?",
                "Kommen Sie bitte zehn Minuten früher. Am Empfang nehmen wir Ihre Daten auf.",
            ),
        ),
    ),
)

FREDEN_PRACTICE = ServiceData(
    slug="hausarztpraxis-freden",
    name="Hausarztpraxis, Zweigstelle Freden",
    kind=ServiceKind.GP,
    provider=MVZ,
    location=FREDEN,
    reach=(Reach(phone="030 23125 460"),),
    roles=("Hausärztinnen und Hausärzte",),
    hours=(
        Hours(days="Mo Mi Fr", spans="8–12"),
        Hours(days="Di Do", spans="8–11"),
        Hours(days="Di Do", spans="14–17", pattern=WeekPattern.SCHOOL_WEEKS),
        Hours(days="Di Do", spans="14–15:30", pattern=WeekPattern.SCHOOL_HOLIDAYS),
        Hours(days="Mo Di Mi Do Fr", spans="7:30–11", kind=HoursKind.PHONE),
    ),
)

PHARMACY = ServiceData(
    slug="apotheke",
    name="Apotheke",
    kind=ServiceKind.PHARMACY,
    floor="Erdgeschoss",
    door="rechts vom Empfang",
    reach=(Reach(phone="030 23125 420"),),
    hours=(
        Hours(days="Mo Di Mi Do Fr", spans="8:30–13 14:30–18:30"),
        Hours(days="Sa", spans="9–12:30"),
    ),
    page=PageText(
        lead="Hier lösen Sie Ihr Rezept ein, gleich neben der Praxis.",
        body=(
            text(
                "Was gerade nicht da ist, bestellen wir. Fragen Sie nach der Uhrzeit, zu der Sie "
                "es abholen können.",
                "Nachts und an Feiertagen hat eine andere Apotheke in der Umgebung Notdienst. Ein "
                "Aushang an der Tür nennt sie.",
            ),
        ),
    ),
)

PSYCHOTHERAPY = ServiceData(
    slug="psychotherapie",
    name="Psychotherapie",
    kind=ServiceKind.PSYCHOTHERAPY,
    floor="1. Obergeschoss",
    reach=(Reach(phone="030 23125 430"),),
    hours=(
        Hours(days="Di Do", spans="10–10:30", kind=HoursKind.PHONE),
        Hours(days="Mo Di Mi Do Fr", kind=HoursKind.APPOINTMENT),
    ),
    page=PageText(
        lead="Gespräche gibt es nach Vereinbarung.",
        body=(
            text(
                "Für ein erstes Gespräch rufen Sie bitte in der Telefonzeit an. Eine Überweisung "
                "brauchen Sie dafür nicht.",
            ),
        ),
    ),
)

ADVICE = ServiceData(
    slug="beratung",
    name="Beratung",
    kind=ServiceKind.ADVICE,
    floor="1. Obergeschoss",
    door="Zimmer 1.04",
    reach=(Reach(phone="030 23125 440"),),
    hours=(
        Hours(days="Di Do", spans="14–17"),
        Hours(days="Di", spans="17:30–19", pattern=WeekPattern.FIRST),
        Hours(days="Mo", spans="9–12", kind=HoursKind.APPOINTMENT),
    ),
    other_hours=(
        OtherHours(
            first=next_working_day(1, 3),
            last=next_working_day(1, 3),
            spans="14–15:30",
        ),
    ),
    page=PageText(
        lead="Hier sprechen Sie in Ruhe über Fragen, bei denen Sie allein nicht weiterkommen.",
        body=(
            text(
                "Bringen Sie bitte die Briefe und Bescheide mit, um die es geht. Es darf auch "
                "jemand mitkommen, der Sie unterstützt.",
                "Können Sie nicht ins Haus kommen? Rufen Sie bitte an.",
            ),
        ),
    ),
)

CEMETERY_OFFICE = ServiceData(
    slug="friedhofsverwaltung",
    name="Friedhofsverwaltung",
    kind=ServiceKind.OFFICE,
    floor="1. Obergeschoss",
    door="Zimmer 1.07",
    reach=(Reach(phone="030 23125 450"),),
    hours=(Hours(days="Do", spans="9–12"),),
)

ALFELD = CentreData(
    slug="alfeld",
    name="RVZ Leinebergland",
    place="Alfeld",
    title="RVZ Leinebergland in Alfeld",
    operator="RVZ Leinebergland gGmbH",
    accent=Accent.BRICK,
    district="Landkreis Hildesheim",
    status=Centre.Status.OPEN,
    status_date=dt.date(2026, 11, 21),
    opened="4. Oktober 2022 (Praxis, zunächst in Containern)",
    phone="030 23125 400",
    email="leinebergland@example.org",
    lead="Hausarztpraxis, Apotheke, Psychotherapie und Beratung in einem Haus.",
    body=(
        text(
            "Sieben Gemeinden der Region Leinebergland haben das Zentrum gemeinsam aufgebaut.",
            "Die Hausarztpraxis begann am 4. Oktober 2022 in Containern. Später kam der Neubau. "
            "Seit dem 1. Juli 2024 gibt es eine Zweigstelle der Praxis in Freden.",
        ),
    ),
    locations=(
        LocationData(
            city="Alfeld",
            street="Walter-Gropius-Ring",
            parking="24 Plätze am Haus",
            from_station="15 Minuten zu Fuß oder Linie 21",
            checked_on=days_ago(9),
            stops=(StopData(name="Versorgungszentrum", lines="Linie 21", walking_minutes=2),),
        ),
        LocationData(
            name=FREDEN,
            city="Freden",
            checked_on=days_ago(9),
            doors=(Door(name="Eingang"),),
            stops=(StopData(name="Ortsmitte", lines="Linie 24", walking_minutes=4),),
        ),
    ),
    rides=(Ride(phone="030 23125 470", lead_minutes=60, checked_on=days_ago(9)),),
    services=(
        PRACTICE,
        FREDEN_PRACTICE,
        PHARMACY,
        PSYCHOTHERAPY,
        ADVICE,
        CEMETERY_OFFICE,
    ),
)
