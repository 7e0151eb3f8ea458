"""Terms of use of the demo: an example after what municipalities in Lower Saxony usually write."""

import datetime as dt

from bookings.models import TermsOfUse
from cms.models import Centre

TERMS = {
    "alfeld": """\
Dies ist ein Beispiel für eine Nutzungsordnung.

1. Eine Anfrage ist noch keine Buchung. Gebucht ist ein Raum erst, wenn das Zentrum zugesagt hat.

2. Die Ansprechperson ist volljährig, beim Termin da und unter der angegebenen Nummer erreichbar. \
Räume werden nicht an andere weitergegeben.

3. In den Raum dürfen höchstens so viele Personen, wie bei ihm steht. Rettungswege bleiben frei.

4. Nach dem Termin räumen Sie auf, lüften und nehmen den Müll mit. Um 22:00 Uhr ist Ruhe; Fenster \
und Türen bleiben dann geschlossen.

5. Den Schlüssel geben Sie nur an Personen Ihrer Gruppe. Einen Verlust melden Sie sofort.

6. Musik, Ausschank und andere Genehmigungen meldet der Veranstalter selbst an.

7. Für Schäden haftet, wer den Raum nutzt. Vor Ort gilt das Hausrecht des Zentrums.

8. Fällt ein Termin aus, sagen Sie ihn bitte ab: Andere freuen sich über den Raum.
""",
}
VALID_FROM = dt.date(2026, 1, 1)


def ensure_terms() -> int:
    """Create the terms of centres that have none; return how many."""
    centres = Centre.objects.filter(slug__in=TERMS, terms__isnull=True)
    for centre in (found := list(centres)):
        TermsOfUse.objects.create(centre=centre, text=TERMS[centre.slug], valid_from=VALID_FROM)
    return len(found)
