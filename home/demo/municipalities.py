"""“Für Kommunen”: what the two texts of the programme say to those who want to build a centre."""

from home.demo.blocks import bullets, contact, heading, notice, questions, text

TITLE = "Für Kommunen"
LEAD = (
    "Sie möchten ein Versorgungszentrum gründen? Hier lesen Sie, worum es geht, was andere erlebt "
    "haben und wer Ihnen weiterhilft."
)

IDEA = text(
    heading("Idee und Konzept"),
    "Ein Regionales Versorgungszentrum verbindet zwei Dinge: ein Medizinisches Versorgungszentrum "
    "(MVZ) mit Hausärztinnen und Hausärzten, das den Kommunen gehört, und Angebote der "
    "Daseinsvorsorge, die zum Ort passen. Beides liegt unter einem Dach oder auf einem Gelände und "
    "ist mit öffentlichen Verkehrsmitteln oder einem Rufbus gut zu erreichen.",
    "Umgesetzt wird es von Landkreisen und Standortgemeinden. Die fünf Modelle sind sehr "
    "verschieden zugeschnitten; ein Muster, das überall passt, gibt es nicht.",
    heading("Was ein Zentrum bewirken soll"),
    bullets(
        "bessere hausärztliche Versorgung",
        "mehr Lebensqualität im ländlichen Raum",
        "lebendige Ortskerne",
        "neues Leben in Gebäuden, die sonst leer stünden",
    ),
)

EXPERIENCE = text(
    heading("Erfahrungen und Schwierigkeiten"),
    "Wer angefangen hat, hatte es am schwersten. Diese Aufgaben haben die Modelle am meisten "
    "beschäftigt:",
    bullets(
        "sich in ein neues Thema einarbeiten",
        "ein kommunales MVZ gründen",
        "Fachkräfte finden: Ärztinnen und Ärzte aus dem Ort, neue aus anderen Gegenden und weiteres "
        "Personal",
        "weitere Angebote für das Haus gewinnen",
    ),
    "Das Interesse am Ort war groß.",
    "Eine Evaluierung hat die Modelle begleitet. Was sich bewährt hat, soll bleiben; aus dem Modell "
    "sollen Strukturen werden, die Bestand haben.",
)

FUNDING = text(
    heading("Förderung"),
    bullets(
        "Gefördert werden können zurzeit Konzepte, die auf dem Modellprojekt aufbauen.",
        "Anträge stellen können Kommunen.",
        "Die Eckpunkte ergänzen das Programm ZILE (Zuwendungen zur integrierten ländlichen "
        "Entwicklung).",
        "Stichtag ist in jedem Jahr der 30. September.",
    ),
    "Stand der Quelle: gelesen am 21. November 2026, geschrieben vor dem Frühjahr 2025. Bitte fragen "
    "Sie vor einem Antrag, ob das noch gilt.",
)

QUESTIONS = questions(
    "Fragen aus Kommunen",
    (
        "Wer kann Geld bekommen?",
        "Kommunen. Gefördert werden Konzepte; die Eckpunkte ergänzen ZILE.",
    ),
    (
        "Bis wann müssen wir den Antrag stellen?",
        "Der Stichtag ist jedes Jahr am 30. September. Bitte fragen Sie nach, ob das noch gilt.",
    ),
    (
        "Müssen wir neu bauen?",
        "Nicht unbedingt. Leere Gebäude wieder zu nutzen ist ausdrücklich erwünscht.",
    ),
    (
        "Was war für die ersten Zentren schwierig?",
        (
            "Vor allem der Einstieg in das Thema, die Gründung des MVZ und die Suche nach Ärztinnen, "
            "Ärzten und weiterem Personal."
        ),
    ),
    (
        "Gibt es eine Anleitung?",
        (
            "Ja, einen Leitfaden mit praktischen Hinweisen aus den laufenden Modellen. Sie erhalten ihn "
            "bei der Geschäftsstelle."
        ),
    ),
)

OFFICE = contact(
    "Geschäftsstelle Regionale Versorgungszentren",
    role="Auskunft für Kommunen und Leitfaden",
    email="versorgungszentren@mb.niedersachsen.de",
)
CHANGED_OFFICE = notice(
    "Die Zuständigkeit hat gewechselt",
    "Die Adresse der Geschäftsstelle stammt aus der Zeit beim Ministerium für Regionale Entwicklung. "
    "Eine neuere Seite zum Programm veröffentlicht die Niedersächsische Staatskanzlei. Für das "
    "Telefon nennen die Quellen verschiedene Nummern, deshalb steht hier keine.",
)

BODY = (
    IDEA,
    EXPERIENCE,
    FUNDING,
    QUESTIONS,
    text(heading("Geschäftsstelle")),
    OFFICE,
    CHANGED_OFFICE,
)
