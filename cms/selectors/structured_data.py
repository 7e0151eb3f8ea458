"""A centre and its services in the words of schema.org, for search engines and assistants."""

import datetime as dt
from collections.abc import Iterable, Mapping

from cms.models import Centre, Location, Service, ServiceKind
from cms.opening_hours.schema_org import special_hours, usual_hours
from cms.selectors.service_facts import ServiceFacts
from cms.selectors.services import ServiceRow
from cms.wording import phone_uri

Node = dict[str, object]

CONTEXT = "https://schema.org"
# As narrow as it is surely right. Psychotherapists are often no physicians, therapies of all sorts
# share a kind, and advice or day care for old people have no type of their own.
TYPES = {
    ServiceKind.GP: "MedicalClinic",
    ServiceKind.SPECIALIST: "MedicalClinic",
    ServiceKind.PSYCHOTHERAPY: "MedicalBusiness",
    ServiceKind.MIDWIFE: "Midwifery",
    ServiceKind.PHARMACY: "Pharmacy",
    ServiceKind.THERAPY: "MedicalBusiness",
    ServiceKind.OFFICE: "GovernmentOffice",
    ServiceKind.CAFE: "CafeOrCoffeeShop",
}
ANY_OTHER = "LocalBusiness"  # whatever has visitors, a door and opening hours
NEW_PATIENTS = {Service.NewPatients.YES: True, Service.NewPatients.NO: False}


def data_of_service(facts: ServiceFacts, today: dt.date, *, url: str, centre_url: str) -> Node:
    """Return the node of a service with its hours. `url`: its one address, "" if it has none."""
    service, schedule = facts.service, facts.row.schedule
    return _without_empty(
        {
            "@context": CONTEXT,
            **_business(service, facts.row.phone, url),
            "medicalSpecialty": f"{CONTEXT}/PrimaryCare" if service.kind == ServiceKind.GP else "",
            "isAcceptingNewPatients": (
                NEW_PATIENTS.get(Service.NewPatients(service.new_patients))
                if facts.asks_for_new_patients
                else None
            ),
            **_place(facts.location),
            "openingHoursSpecification": usual_hours(schedule, today),
            "specialOpeningHoursSpecification": special_hours(schedule, today),
            "parentOrganization": service.provider and _organisation(service.provider.name),
            "containedInPlace": _house(service.centre, centre_url),
        }
    )


def data_of_centre(
    centre: Centre, location: Location | None, rows: Iterable[tuple[ServiceRow, str]], *, url: str
) -> Node | None:
    """Return the node of an open centre with what is in it; None as long as nobody can go there.

    `rows`: the services, each with its address or "". Their hours stand once, on their own pages.
    """
    if centre.status != Centre.Status.OPEN:
        return None
    return _without_empty(
        {
            "@context": CONTEXT,
            **_house(centre, url),
            "telephone": _phone(centre.phone),
            **_place(location),
            "parentOrganization": _organisation(centre.operator.name),
            "department": [
                _without_empty(_business(row.service, row.phone, address)) for row, address in rows
            ],
        }
    )


def _business(service: Service, phone: str, url: str) -> Node:
    return {
        "@type": TYPES.get(ServiceKind(service.kind), ANY_OTHER),
        "@id": url,
        "name": service.name,
        "url": url,
        "telephone": _phone(phone),
    }


def _house(centre: Centre, url: str) -> Node:
    return _without_empty({"@type": ANY_OTHER, "@id": url, "name": centre.name, "url": url})


def _organisation(name: str) -> Node:
    return {"@type": "Organization", "name": name}


def _place(location: Location | None) -> Node:
    if location is None:
        return {}
    address = {
        "@type": "PostalAddress",
        "streetAddress": f"{location.street} {location.house_number}".strip(),
        "postalCode": location.postcode,
        "addressLocality": location.city,
        "addressCountry": "DE",
    }
    place: Node = {"address": _without_empty(address)}
    if location.latitude is not None and location.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(location.latitude),
            "longitude": float(location.longitude),
        }
    return place


def _phone(text: str) -> str:
    return phone_uri(text).removeprefix("tel:")


def _without_empty(node: Mapping[str, object]) -> Node:
    """Leave out what is not known; False is known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
