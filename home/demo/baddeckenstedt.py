"""RVZ Baddeckenstedt.

Sources: mb.niedersachsen.de, tonkuhle.de (1 November 2023), okerwelle.de; for the on-demand bus
regionalverband-braunschweig.de. The newest dated report is that of the opening: the status is of
1 November 2023. The street is not known.
"""

import datetime as dt

from cms.models import Accent, Answer, Centre, HoursKind, ServiceKind
from home.demo.blocks import text
from home.demo.days import days_ago
from home.demo.values import (
    CentreData,
    Hours,
    LocationData,
    PageText,
    Reach,
    Ride,
    ServiceData,
    StopData,
)

SERVICES = (
    ServiceData(
        slug="hausarztpraxis",
        name="Hausarztpraxis (MVZ)",
        kind=ServiceKind.GP,
        floor="Erdgeschoss",
        reach=(Reach(phone="030 23125 610"),),
        roles=("Hausärztinnen und Hausärzte", "Medizinische Fachangestellte"),
        hours=(
            Hours(days="Mo Di Do", spans="8–13 15–17"),
            Hours(days="Mi Fr", spans="8–13"),
            Hours(days="Mo Mi", spans="8–9:30", kind=HoursKind.WALK_IN),
        ),
        page=PageText(
            lead="Die Praxis ist die erste Adresse, wenn Sie krank sind.",
            body=(
                text(
                    "Rufen Sie bitte vorher an, wenn Sie können. In der offenen Sprechstunde "
                    "warten Sie vielleicht etwas länger.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="hebammensprechstunde",
        name="Hebammensprechstunde",
        kind=ServiceKind.MIDWIFE,
        reach=(Reach(phone="030 23125 620"),),
        hours=(Hours(days="Fr", spans="9–12", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="haushaltsnahe-dienste",
        name="Haushaltsnahe Dienste",
        kind=ServiceKind.HOUSEHOLD,
        reach=(Reach(phone="030 23125 630"),),
        hours=(Hours(days="Mo Di Mi Do Fr", spans="9–11:30", kind=HoursKind.PHONE),),
        page=PageText(
            lead="Hilfe im Haushalt, damit Sie lange in der eigenen Wohnung bleiben können.",
            body=(
                text(
                    "Rufen Sie an und sagen Sie, wobei Sie Hilfe brauchen. Dann erfahren Sie, was "
                    "möglich ist und was es kostet.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="beratung-fuer-neuzugewanderte",
        name="Beratung für Neuzugewanderte",
        kind=ServiceKind.ADVICE,
        reach=(Reach(phone="030 23125 640"),),
        hours=(Hours(days="Mi", spans="10–12"), Hours(days="Do", spans="15–17:30")),
        page=PageText(
            lead="Sie sind neu in Deutschland? Hier finden Sie Rat.",
            body=(
                text(
                    "Bringen Sie Briefe und Papiere mit, die Sie nicht verstehen. Wenn Sie "
                    "jemanden zum Übersetzen kennen, kommen Sie gern zu zweit.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="sozialpsychiatrischer-dienst",
        name="Sozialpsychiatrischer Dienst",
        kind=ServiceKind.ADVICE,
        reach=(Reach(phone="030 23125 650"),),
        hours=(Hours(days="Di", spans="13–16", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="yoga",
        name="Yoga",
        kind=ServiceKind.OTHER,
        reach=(Reach(phone="030 23125 660"),),
        hours=(Hours(days="Mo", spans="18:30–20"),),
    ),
)

BADDECKENSTEDT = CentreData(
    slug="baddeckenstedt",
    name="RVZ Baddeckenstedt",
    place="Baddeckenstedt",
    title="RVZ Baddeckenstedt",
    operator="Landkreis Wolfenbüttel und Samtgemeinde Baddeckenstedt",
    accent=Accent.NEUTRAL,
    district="Landkreis Wolfenbüttel",
    status=Centre.Status.OPEN,
    status_date=dt.date(2023, 11, 1),
    opened="1. November 2023",
    phone="030 23125 600",
    email="baddeckenstedt@example.org",
    lead="Hausarztpraxis, Beratung und Räume auf einem Gelände.",
    body=(
        text(
            "Der Landkreis Wolfenbüttel und die Samtgemeinde Baddeckenstedt tragen das Zentrum. "
            "Es öffnete am 1. November 2023.",
            "Zu ihm gehören die frühere Sparkasse und die Arztpraxis. In den Räumen probt auch "
            "ein Chor.",
        ),
    ),
    locations=(
        LocationData(
            city="Baddeckenstedt",
            address_note="ehemalige Sparkasse und Arztpraxis auf einem Gelände",
            parking="18 Plätze auf dem Gelände",
            checked_on=days_ago(5),
            stops=(StopData(name="Rathaus", lines="Linie 56", walking_minutes=3),),
        ),
    ),
    # The real on-demand bus of the region; its present number is not known, so none is invented.
    rides=(
        Ride(
            name="flexo",
            area="Burgdorf und Baddeckenstedt",
            wheelchair=Answer.YES,
            valid_from=dt.date(2025, 8, 10),
            valid_to=dt.date(2031, 12, 31),
        ),
    ),
    services=SERVICES,
)
