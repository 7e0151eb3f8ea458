"""Legal notice, privacy notice and accessibility statement of the demo: examples, and marked as such."""

from home.demo.blocks import bullets, heading, notice, text

EXAMPLE = notice(
    "Das ist ein Beispiel",
    "Diese Seite gehört zu einer Vorführung. Wer die Website wirklich betreibt, prüft den Text und "
    "ersetzt ihn durch eigene Angaben.",
)

LEGAL_NOTICE_LEAD = "Wer für diese Website verantwortlich ist."
LEGAL_NOTICE_BODY = (EXAMPLE,)

PRIVACY_LEAD = "Welche Daten diese Website braucht, wofür, und welche Rechte Sie haben."
PRIVACY_BODY = (
    EXAMPLE,
    text(
        heading("Wenn Sie nur lesen"),
        "Sie müssen nichts angeben. Die öffentlichen Seiten setzen keine Cookies und zählen Sie nicht. "
        "Schriften, Bilder und Programme kommen von dieser Website selbst; andere Anbieter erfahren "
        "von Ihrem Besuch nichts.",
        "Wählen Sie helle oder dunkle Farben, merkt sich das nur Ihr Gerät.",
        "Der Webserver verarbeitet Ihre Internetadresse, um Ihnen die Seite zu schicken. Ob und wie "
        "lange er sie aufzeichnet, legt die Stelle fest, die ihn betreibt.",
        heading("Wenn Sie sich anmelden"),
        "Für die Anmeldung speichern wir Ihre E-Mail-Adresse und, wenn Sie eines haben, Ihr Passwort, "
        "das Passwort nur verschlüsselt. Damit Sie angemeldet bleiben, setzt die Website ein Cookie; nach 14 Tagen "
        "läuft es ab. Ein zweites Cookie schützt Formulare vor Missbrauch.",
        "Wenn Sie einen Passkey oder eine Code-App nutzen, speichern wir, was zum Prüfen nötig ist.",
        "Ein Konto, das niemand bestätigt, löschen wir nach sieben Tagen. Ihr eigenes löschen Sie "
        "selbst, wann Sie wollen.",
        heading("Wenn Sie einen Raum anfragen"),
        "Wir speichern, was Sie in die Anfrage schreiben: zum Beispiel, wofür Sie den Raum brauchen, "
        "und wen wir am Tag anrufen können. Das liest das Team des Zentrums, um zu entscheiden und "
        "den Raum vorzubereiten. Öffentlich steht nur, dass der Raum belegt ist; den Namen Ihrer "
        "Gruppe nennen wir nur, wenn sie zustimmt.",
        "So lange bleibt es gespeichert:",
        bullets(
            "Entwürfe, die Sie nicht senden: sieben Tage",
            "Anfragen ohne Konto, die niemand bestätigt: 24 Stunden",
            "Andere Anfragen ohne Konto: bis 180 Tage nach dem Termin. Danach wissen wir nur noch, "
            "wann der Raum wie genutzt wurde.",
            "Anfragen einer Gruppe: so lange es die Gruppe bei uns gibt. Wen wir am Tag anrufen "
            "können, löschen wir 180 Tage nach dem letzten Termin. Löschen Sie Ihr Konto, nehmen wir "
            "Ihren Namen und Ihre Telefonnummer sofort heraus.",
        ),
        heading("Wenn wir Ihnen schreiben"),
        "Die Website schickt Ihnen nur Mails, die Sie selbst auslösen oder die zu Ihrem Konto gehören. "
        "Der Versand wird mit Empfänger und Text gespeichert, damit keine Nachricht verloren geht: "
        "30 Tage, und 90 Tage, wenn eine Nachricht nicht ankam.",
        heading("Rechtsgrundlagen"),
        "Grundlage sind Artikel 6 Absatz 1 Buchstaben b und e der Datenschutz-Grundverordnung "
        "(DSGVO). Sie sind nicht verpflichtet, Daten anzugeben; ohne E-Mail-Adresse ist aber kein "
        "Konto möglich. Über Anfragen entscheidet immer ein Mensch.",
        heading("Ihre Rechte"),
        bullets(
            "Auskunft über Ihre Daten (Artikel 15 DSGVO)",
            "Berichtigung, Löschung und Einschränkung (Artikel 16 bis 18)",
            "Daten mitnehmen (Artikel 20)",
            "Widerspruch (Artikel 21)",
            "Beschwerde bei der oder dem Landesbeauftragten für den Datenschutz Niedersachsen",
        ),
        heading("Verantwortlich"),
        "Den Namen der verantwortlichen Stelle finden Sie im Impressum. Datenschutzbeauftragte Person: "
        "keine Angabe.",
    ),
)

STATEMENT_LEAD = "Wie gut diese Website für alle nutzbar ist und was noch fehlt."
STATEMENT_BODY = (EXAMPLE,)
BARRIERS = (
    "<p>Die Website ist teilweise barrierefrei. Es fehlen noch:</p>"
    "<ul>"
    "<li>Texte in Leichter Sprache. Sie sind in Arbeit; bis dahin helfen wir am Telefon oder per "
    "E-Mail.</li>"
    "<li>Videos in Deutscher Gebärdensprache. Bitte schreiben Sie uns, wenn Sie einen Inhalt in "
    "Gebärdensprache brauchen.</li>"
    "</ul>"
)
ENFORCEMENT = (
    "<p>Haben Sie uns eine Barriere gemeldet und keine Antwort bekommen, die Ihnen hilft? Dann können "
    "Sie die Schlichtungsstelle bei der oder dem Landesbeauftragten für Menschen mit Behinderungen in "
    "Niedersachsen anrufen (Niedersächsisches Behindertengleichstellungsgesetz, § 9d).</p>"
    "<p>Das Verfahren ist freiwillig und soll den Streit ohne Gericht lösen. Den Antrag stellen Sie "
    "in Textform, mit dem Formular im Internet oder mündlich zur Niederschrift. Das Formular gibt es "
    "auch in Leichter Sprache.</p>"
)
ENFORCEMENT_URL = "https://behindertenbeauftragter-niedersachsen.de/DE/Schlichtungsstelle"
