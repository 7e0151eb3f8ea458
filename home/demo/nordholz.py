"""RVZ Wurster Nordseeküste in Nordholz.

Sources: elbe-weser-kurier.de (opening), ndr.de, ferien-journal.de (event area), drk-wem.de (café),
zevener-zeitung.de (criticism of the main entrance). The newest dated report that shows the centre at
work is the opening of the café on 2 November 2023: the status is of that day.
"""

import datetime as dt

from cms.models import (
    Accent,
    Answer,
    Centre,
    HoursException,
    HoursKind,
    Service,
    ServiceKind,
    WeekPattern,
)
from home.demo.blocks import text
from home.demo.days import days_ago, next_working_day
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

RED_CROSS = "Deutsches Rotes Kreuz (DRK)"

PRACTICES = (
    ServiceData(
        slug="hausarztpraxis",
        name="Hausarztpraxis (MVZ)",
        kind=ServiceKind.GP,
        floor="Erdgeschoss",
        reach=(
            Reach(phone="030 23125 810"),
            Reach(label="Rezepte", phone="030 23125 811"),
        ),
        roles=("Hausärztinnen und Hausärzte", "Medizinische Fachangestellte"),
        hours=(
            Hours(days="Mo Mi Fr", spans="7:30–12"),
            Hours(days="Di Do", spans="14–18"),
            Hours(days="Di Do", spans="8–11:30", kind=HoursKind.PHONE),
        ),
        page=PageText(
            lead="Die Praxis ist die erste Adresse, wenn Sie krank sind.",
            body=(
                text(
                    "Einen Termin bekommen Sie am Telefon oder am Empfang.",
                    "Bitte sagen Sie gleich, ob Sie mit Rollstuhl oder Rollator kommen. Dann "
                    "erfahren Sie, welcher Eingang für Sie der beste ist.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="gynaekologie",
        name="Frauenarztpraxis (Gynäkologie)",
        kind=ServiceKind.SPECIALIST,
        reach=(Reach(phone="030 23125 820"),),
        hours=(Hours(days="Mo Di Do", spans="8–12 13:30–16", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="kinder-und-jugendarztpraxis",
        name="Kinder- und Jugendarztpraxis",
        kind=ServiceKind.SPECIALIST,
        reach=(Reach(phone="030 23125 825"),),
        hours=(
            Hours(days="Mo Di Mi Do Fr", spans="8–12"),
            Hours(days="Mo Di Do", spans="14–16:30", kind=HoursKind.APPOINTMENT),
        ),
    ),
    ServiceData(
        slug="psychotherapie",
        name="Psychotherapie",
        kind=ServiceKind.PSYCHOTHERAPY,
        reach=(Reach(phone="030 23125 830"),),
        hours=(
            Hours(days="Mi", spans="12–13", kind=HoursKind.PHONE),
            Hours(days="Mo Di Mi Do Fr", kind=HoursKind.APPOINTMENT),
        ),
    ),
    ServiceData(
        slug="oralchirurgie",
        name="Oralchirurgie",
        kind=ServiceKind.SPECIALIST,
        reach=(Reach(phone="030 23125 835"),),
        hours=(Hours(days="Di Fr", spans="8–13", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="rheumatologie-und-urologie",
        name="Rheumatologie und Urologie",
        kind=ServiceKind.SPECIALIST,
    ),
)

CARE = (
    ServiceData(
        slug="tagespflege",
        name="Tagespflege",
        kind=ServiceKind.DAY_CARE,
        provider=RED_CROSS,
        floor="Erdgeschoss",
        reach=(Reach(phone="030 23125 840"),),
        hours=(Hours(days="Mo Di Mi Do Fr", spans="8–16"),),
        page=PageText(
            lead="Den Tag in Gesellschaft verbringen und danach wieder zu Hause sein.",
            body=(
                text(
                    "Die Tagespflege gibt es seit Oktober 2022. Ein Fahrdienst gehört dazu.",
                    "Ob gerade Plätze frei sind und was ein Tag kostet, erfahren Sie am Telefon.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="physiotherapie",
        name="Physiotherapie",
        kind=ServiceKind.THERAPY,
        reach=(Reach(phone="030 23125 850"),),
        hours=(Hours(days="Mo Di Mi Do", spans="8–18"), Hours(days="Fr", spans="8–14")),
        page=PageText(
            lead="Behandlung und Übungen, meist auf Verordnung Ihrer Praxis.",
            body=(
                text(
                    "Bringen Sie zum ersten Termin Ihre Verordnung, ein großes Handtuch und "
                    "bequeme Kleidung mit.",
                    "Können Sie einen Termin nicht wahrnehmen? Sagen Sie bitte früh Bescheid.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="demenzstuetzpunkt",
        name="Demenzstützpunkt",
        kind=ServiceKind.ADVICE,
        reach=(Reach(phone="030 23125 855"),),
        hours=(
            Hours(days="Do", spans="10–12 14–16"),
            Hours(days="Mo", spans="10–12", kind=HoursKind.PHONE),
        ),
    ),
    ServiceData(
        slug="cafe-solferino",
        name="Café Solferino",
        kind=ServiceKind.CAFE,
        provider=RED_CROSS,
        floor="Erdgeschoss",
        holiday_policy=Service.HolidayPolicy.AS_SUNDAY,
        reach=(Reach(phone="030 23125 860"),),
        hours=(
            Hours(days="Di Mi Do Fr Sa", spans="9–17"),
            Hours(days="So", spans="13–17"),
            Hours(days="Fr", spans="19–1", pattern=WeekPattern.LAST, note="Spieleabend"),
        ),
        other_hours=(
            OtherHours(
                first=next_working_day(1, 2, 3),
                last=next_working_day(1, 2, 3),
                reason=HoursException.Reason.COMPANY,
            ),
        ),
        page=PageText(
            lead="Ein inklusives Café für alle, die im Haus zu tun haben, und alle anderen.",
            body=(
                text(
                    "Das Café öffnete am 2. November 2023.",
                    "Vertragen Sie etwas nicht? Fragen Sie bitte nach den Zutaten.",
                ),
            ),
        ),
    ),
)

NORDHOLZ = CentreData(
    slug="nordholz",
    name="RVZ Wurster Nordseeküste",
    place="Nordholz",
    title="RVZ Wurster Nordseeküste in Nordholz",
    operator="Landkreis Cuxhaven und Gemeinde Wurster Nordseeküste",
    accent=Accent.AMBER,
    district="Landkreis Cuxhaven",
    status=Centre.Status.OPEN,
    status_date=dt.date(2023, 11, 2),
    opened="1. März 2022",
    phone="030 23125 800",
    email="wurster-nordseekueste@example.org",
    lead="Praxen, Tagespflege, Therapie und ein Café unter einem Dach.",
    body=(
        text(
            "Der Landkreis Cuxhaven und die Gemeinde Wurster Nordseeküste haben das Zentrum "
            "aufgebaut. Es öffnete am 1. März 2022.",
            "Später kamen die Tagespflege, das Café und ein Bereich für Veranstaltungen dazu.",
        ),
    ),
    locations=(
        LocationData(
            city="Nordholz",
            street="Feuerweg",
            house_number="6c",
            parking="40 Plätze vor dem Haus",
            from_station="12 Minuten zu Fuß",
            checked_on=days_ago(12),
            doors=(
                Door(
                    name="Haupteingang",
                    step_free=Answer.NO,
                    note="Der Sozialverband SoVD hat kritisiert, dass der Haupteingang nicht "
                    "stufenlos ist (Zevener Zeitung).",
                ),
                Door(name="Weitere Eingänge"),
            ),
            stops=(
                StopData(name="Feuerweg", lines="Linie 31", walking_minutes=2),
                StopData(name="Bahnhof Nordholz", walking_minutes=12),
            ),
        ),
    ),
    rides=(
        Ride(
            phone="030 23125 870",
            lead_minutes=45,
            area="Gemeinde Wurster Nordseeküste",
            checked_on=days_ago(12),
        ),
    ),
    services=(*PRACTICES, *CARE),
)
