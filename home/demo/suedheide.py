"""RVZ Südheide in Hermannsburg, the sixth centre.

Sources: mb.niedersachsen.de, celler-presse.de (29 November 2024), Hermannsburger Rundschau 10/2024. The
report of 29 November 2024 is the newest dated one that names the end of 2026: the status is of that day.
What happened since is not known; the site says so once the expected day has passed.
"""

import datetime as dt

from cms.models import Accent, Centre
from home.demo.blocks import text
from home.demo.values import CentreData, LocationData

SUEDHEIDE = CentreData(
    slug="suedheide",
    name="RVZ Südheide",
    place="Südheide",
    title="RVZ Südheide in Hermannsburg",
    operator="RVZ Südheide gGmbH",
    accent=Accent.HEATHER,
    district="Landkreis Celle",
    status=Centre.Status.PLANNED,
    status_date=dt.date(2024, 11, 29),
    expected_opening="Ende 2026",
    expected_by=dt.date(2026, 12, 31),
    email="rvz@gemeinde-suedheide.de",
    lead="Das sechste Zentrum in Niedersachsen.",
    body=(
        text(
            "Die Gemeinde Südheide plant das Zentrum auf dem Gelände der alten Feuerwehr neben dem "
            "Rathaus. Der Landkreis Celle ist Partner.",
            "Vorgesehen ist eine Hausarztpraxis mit bis zu zweieinhalb Arztstellen. Physiotherapie, "
            "Tagespflege und Bürgerservice gibt es schon nebenan; sie sollen eingebunden werden.",
            "Unabhängig davon gibt es seit 2025 das Familien- und Begegnungszentrum mit Räumen für "
            "Seminare und Veranstaltungen.",
        ),
    ),
    locations=(
        LocationData(
            city="Hermannsburg",
            address_note="Gelände der alten Feuerwehr neben dem Rathaus",
            doors=(),
        ),
    ),
)
