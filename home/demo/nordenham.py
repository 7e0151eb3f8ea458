"""RVZ Wesermarsch-Nord in Nordenham.

Sources: mb.niedersachsen.de, wesermarsch.de (15 June and 11 October 2023), nwzonline.de (12 May 2021,
operator). The centre's own site rvz-wesermarsch.de was read on 21 November 2026: the status is of that
day. How many doctors work there now is not known.
"""

import datetime as dt

from cms.models import Accent, Centre, HoursKind, ServiceKind
from home.demo.blocks import text
from home.demo.days import days_ago
from home.demo.values import (
    CentreData,
    Hours,
    LocationData,
    PageText,
    Reach,
    ServiceData,
    StopData,
)

SERVICES = (
    ServiceData(
        slug="hausarztpraxis",
        name="Hausarztpraxis (MVZ)",
        kind=ServiceKind.GP,
        floor="Erdgeschoss",
        reach=(Reach(phone="030 23125 710"),),
        roles=("Hausärztinnen und Hausärzte", "Medizinische Fachangestellte"),
        hours=(
            Hours(days="Mo Mi Fr", spans="8–12"),
            Hours(days="Di Do", spans="14–18"),
            Hours(days="Mo Mi Fr", spans="8–9", kind=HoursKind.WALK_IN),
        ),
        page=PageText(
            lead="Die Praxis ist die erste Adresse, wenn Sie krank sind.",
            body=(
                text(
                    "Bitte rufen Sie vorher an. Wer akut krank ist, kommt in die offene "
                    "Sprechstunde und meldet sich am Empfang.",
                    "Bringen Sie Ihre Versichertenkarte und Ihren Medikamentenplan mit.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="frauenarztpraxis",
        name="Frauenarztpraxis",
        kind=ServiceKind.SPECIALIST,
        floor="1. Obergeschoss",
        reach=(Reach(phone="030 23125 720"),),
        hours=(Hours(days="Mo Di Do", spans="8:30–12:30 14–17", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="hebammenpraxis",
        name="Hebammenpraxis",
        kind=ServiceKind.MIDWIFE,
        floor="1. Obergeschoss",
        reach=(Reach(phone="030 23125 725"),),
        hours=(Hours(days="Mi", spans="15–18"),),
    ),
    ServiceData(
        slug="familienhebammen",
        name="Familienhebammen",
        kind=ServiceKind.MIDWIFE,
        reach=(Reach(phone="030 23125 726"),),
        hours=(Hours(days="Mo Di Mi Do Fr", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="pflegestuetzpunkt",
        name="Pflegestützpunkt",
        kind=ServiceKind.ADVICE,
        floor="Erdgeschoss",
        reach=(Reach(phone="030 23125 730"),),
        hours=(Hours(days="Mo Do", spans="9–12 14–16"),),
        page=PageText(
            lead="Wer Pflege braucht oder jemanden pflegt, findet hier Rat.",
            body=(
                text(
                    "Im Gespräch klären Sie, welche Hilfe zu Ihnen passt und wo Sie diese "
                    "beantragen.",
                    "Haben Sie schon einen Bescheid oder ein Gutachten? Bringen Sie es bitte mit.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="sozialpsychiatrischer-dienst",
        name="Sozialpsychiatrischer Dienst",
        kind=ServiceKind.ADVICE,
        floor="2. Obergeschoss",
        reach=(Reach(phone="030 23125 735"),),
        hours=(
            Hours(days="Mo Di Do Fr", spans="9–11", kind=HoursKind.PHONE),
            Hours(days="Mi", spans="10–15", kind=HoursKind.APPOINTMENT),
        ),
    ),
    ServiceData(
        slug="suchtberatung",
        name="Suchtberatung",
        kind=ServiceKind.ADVICE,
        floor="2. Obergeschoss",
        reach=(Reach(phone="030 23125 740"),),
        hours=(Hours(days="Di", spans="16–19"), Hours(days="Fr", spans="9–12")),
    ),
    ServiceData(
        slug="betreuungsstelle",
        name="Betreuungsstelle",
        kind=ServiceKind.OFFICE,
        floor="2. Obergeschoss",
        reach=(Reach(phone="030 23125 745"),),
        hours=(Hours(days="Mo Di Do Fr", spans="8:30–12"),),
    ),
    ServiceData(
        slug="jugendamt",
        name="Jugendamt",
        kind=ServiceKind.OFFICE,
        floor="2. Obergeschoss",
        reach=(Reach(phone="030 23125 750"),),
        hours=(
            Hours(days="Mo Di Mi Do Fr", spans="8:30–12"),
            Hours(days="Do", spans="14–17:30"),
        ),
    ),
    # No hours and no number on purpose: this is what "keine Angabe" looks like.
    ServiceData(
        slug="blinden-und-sehbehindertenverband",
        name="Blinden- und Sehbehindertenverband",
        kind=ServiceKind.ADVICE,
    ),
)

NORDENHAM = CentreData(
    slug="nordenham",
    name="RVZ Wesermarsch-Nord",
    place="Nordenham",
    title="RVZ Wesermarsch-Nord in Nordenham",
    operator="gGmbH des Landkreises Wesermarsch und der Stadt Nordenham",
    accent=Accent.SEA,
    district="Landkreis Wesermarsch",
    status=Centre.Status.OPEN,
    status_date=dt.date(2026, 11, 21),
    opened="Juni 2022",
    phone="030 23125 700",
    email="wesermarsch-nord@example.org",
    lead="Praxen, Hebammen, Beratung und Ämter in einem Haus.",
    body=(
        text(
            "Der Landkreis Wesermarsch und die Stadt Nordenham tragen das Zentrum gemeinsam. Es "
            "öffnete im Juni 2022 und gehört zu den ersten drei im Land.",
            "Im Jahr 2023 zog auch das Jugendamt in das Haus.",
        ),
    ),
    locations=(
        LocationData(
            city="Nordenham",
            street="Ilsestraße",
            house_number="15",
            parking="30 Plätze hinter dem Haus",
            from_station="10 Minuten zu Fuß",
            checked_on=days_ago(16),
            stops=(StopData(name="Ilsestraße", lines="Linie 7", walking_minutes=1),),
        ),
    ),
    services=SERVICES,
)
