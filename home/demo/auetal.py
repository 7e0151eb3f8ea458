"""RVZ Auetal in Rehren.

Sources: rvz-auetal.de, spd-nenndorf.de, rinteln-aktuell.de, asb-leine-weser.de (day care and its real
hours). The centre's own site was read on 21 November 2026: the status is of that day. The house number
and the day of the opening are not known; the sources name 15 or 18 places in the day care.
"""

import datetime as dt

from cms.models import Accent, Centre, HoursException, HoursKind, ServiceKind, TransportOffer
from home.demo.blocks import text
from home.demo.days import days_ago, next_working_day
from home.demo.values import (
    CentreData,
    Hours,
    LocationData,
    OtherHours,
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
        reach=(Reach(phone="030 23125 510"),),
        roles=("Hausärztinnen und Hausärzte", "Medizinische Fachangestellte"),
        hours=(
            Hours(days="Mo Mi Fr", spans="8–12"),
            Hours(days="Di Do", spans="8–12", kind=HoursKind.APPOINTMENT),
            Hours(days="Mo Di Do", spans="15–18", kind=HoursKind.APPOINTMENT),
        ),
        other_hours=(
            OtherHours(
                first=next_working_day(0, 2, 4, after=4),
                last=next_working_day(0, 2, 4, after=4),
                reason=HoursException.Reason.TRAINING,
            ),
        ),
        page=PageText(
            lead="Die Praxis ist die erste Adresse, wenn Sie krank sind.",
            body=(
                text(
                    "Zu einigen Zeiten können Sie ohne Termin kommen, zu anderen nur mit Termin. "
                    "Die Tabelle zeigt beides.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="psychotherapie",
        name="Psychotherapie",
        kind=ServiceKind.PSYCHOTHERAPY,
        reach=(Reach(phone="030 23125 520"),),
        hours=(Hours(days="Mo Di Mi Do", kind=HoursKind.APPOINTMENT),),
    ),
    ServiceData(
        slug="tagespflege",
        name="Tagespflege",
        kind=ServiceKind.DAY_CARE,
        provider="ASB Leine-Weser",
        reach=(Reach(phone="030 23125 530"),),
        hours=(Hours(days="Mo Di Mi Do Fr", spans="8–15:30"),),
        page=PageText(
            lead="Den Tag in Gesellschaft verbringen und danach wieder zu Hause sein.",
            body=(
                text(
                    "Die Tagespflege öffnete im Dezember 2024. Heute betreibt sie der ASB "
                    "Leine-Weser.",
                    "Wie viele Plätze es gibt, steht nicht fest: Die Quellen nennen 15 und 18.",
                    "Möchten Sie die Tagespflege kennenlernen? Rufen Sie bitte an.",
                ),
            ),
        ),
    ),
    ServiceData(
        slug="physiotherapie",
        name="Physiotherapie",
        kind=ServiceKind.THERAPY,
        reach=(Reach(phone="030 23125 540"),),
        hours=(
            Hours(days="Mo Di Mi Do", spans="7:30–12:30 14–19"),
            Hours(days="Fr", spans="7:30–13"),
        ),
        page=PageText(
            lead="Behandlung und Übungen, meist auf Verordnung Ihrer Praxis.",
            body=(
                text(
                    "Bringen Sie zum ersten Termin Ihre Verordnung und ein großes Handtuch mit.",
                ),
            ),
        ),
    ),
)

AUETAL = CentreData(
    slug="auetal",
    name="RVZ Auetal",
    place="Auetal",
    title="RVZ Auetal in Rehren",
    operator="gGmbH der Gemeinde Auetal und des Landkreises Schaumburg",
    accent=Accent.PINE,
    district="Landkreis Schaumburg",
    status=Centre.Status.OPEN,
    status_date=dt.date(2026, 11, 21),
    opened="2022",
    phone="030 23125 500",
    email="auetal@example.org",
    lead="Hausarztpraxis, Tagespflege und Therapie in der Alten Molkerei.",
    body=(
        text(
            "Das Zentrum gehört je zur Hälfte der Gemeinde Auetal und dem Landkreis Schaumburg. Es "
            "öffnete 2022 in der Alten Molkerei in Rehren.",
        ),
    ),
    locations=(
        LocationData(
            city="Rehren",
            street="Rehrener Straße",
            address_note="Alte Molkerei",
            parking="20 Plätze im Hof",
            checked_on=days_ago(20),
            stops=(StopData(name="Alte Molkerei", lines="Linie 12", walking_minutes=1),),
        ),
    ),
    rides=(
        Ride(
            kind=TransportOffer.Kind.CITIZENS_BUS,
            phone="030 23125 570",
            lead_minutes=30,
            area="Gemeinde Auetal",
            checked_on=days_ago(20),
        ),
    ),
    services=SERVICES,
)
