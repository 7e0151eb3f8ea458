"""Changes to contacts and people of a service, and to the contact of a centre."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.forms import BaseInlineFormSet
from wagtail.log_actions import log

from cms.models import Centre, Contact, Service, User

CHANGE_CONTACT = "cms.change_contact"
MAIN, OTHERS = 0, 1  # where a contact stands


@transaction.atomic
def save_contacts(
    *,
    service: Service,
    main: Contact | None,
    values: Mapping[str, str],
    rows: list[BaseInlineFormSet[Any, Any, Any]],
    user: User,
) -> None:
    """Store the service's own fields, its main contact and the rows of the form."""
    service.save()
    if any(values.values()):
        main = main or Contact(service=service)
        for name, value in values.items():
            setattr(main, name, value)
        main.sort_order = MAIN
        main.save()
    elif main:
        main.delete()
    for formset in rows:
        formset.save()
    others = [contact for contact in service.contacts.all() if contact != main]
    for number, contact in enumerate(others, start=OTHERS):
        if contact.sort_order != number:
            contact.sort_order = number
            contact.save()
    log(instance=service, action=CHANGE_CONTACT, user=user, content_changed=True)


@transaction.atomic
def save_centre_contact(*, centre: Centre, user: User) -> None:
    """Store phone, status and opening of a centre."""
    centre.save()
    log(instance=centre, action=CHANGE_CONTACT, user=user, content_changed=True)
