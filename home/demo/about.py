"""“Über RVZ”: what the two texts of the programme say, in words of our own."""

from home.demo import drawing
from home.demo.blocks import bullets, heading, links, picture, questions, subheading, text

TITLE = "Über RVZ"
LEAD = (
    "Auch wer auf dem Land wohnt, soll Arzt, Rat und Gesellschaft in der Nähe finden. Dafür gibt es "
    "die Regionalen Versorgungszentren."
)

IDEA = text(
    heading("Die Idee"),
    "In Niedersachsen leben immer mehr ältere Menschen, viele davon weit weg von der nächsten Stadt. "
    "Ob es sich dort gut leben lässt, hängt auch davon ab, dass Praxis, Pflege und Beratung "
    "erreichbar bleiben. Das heißt Daseinsvorsorge.",
    "Ein Regionales Versorgungszentrum, kurz RVZ, bündelt solche Angebote an einer Stelle: in einem "
    "Haus oder in mehreren Gebäuden nebeneinander.",
)

CONCEPT = text(
    heading("So ist ein Zentrum aufgebaut"),
    "Den Kern bildet ein Medizinisches Versorgungszentrum (MVZ). Es gehört den Kommunen und arbeitet "
    "vor allem hausärztlich. Dazu können kommen:",
    bullets(
        "Tagespflege und Beratung",
        "Praxen für Physiotherapie, Ergotherapie und Logopädie",
        "Dienste rund um den Haushalt",
        "ein Café, in dem man sich trifft",
        "Räume für vieles, in denen sich Vereine und Gruppen treffen",
    ),
    "Kein Zentrum gleicht dem anderen: Was hineinkommt, richtet sich nach dem Bedarf am Ort. Eines "
    "gilt für alle: Sie müssen gut zu erreichen sein, mit Bus und Bahn oder mit einem Fahrzeug, das "
    "man ruft.",
)

AIMS = text(
    heading("Die Ziele"),
    bullets(
        "Hausärztliche Versorgung erhalten und verbessern",
        "Angebote der Daseinsvorsorge halten und neue schaffen",
        "Antworten auf den demografischen Wandel finden und dabei Neues ausprobieren",
        "Ortskerne beleben und leere Gebäude wieder nutzen",
        "Zusammenhalt stärken: Das Land soll ein guter Ort zum Leben und zum Arbeiten bleiben",
    ),
)

PARTNERS = text(
    heading("Wer zusammenarbeitet"),
    "Die Landkreise und die Gemeinden vor Ort kennen ihre Region am besten. Deshalb bauen sie die "
    "Zentren auf. Das Geld für die Modelle gab das Land, und zwar sein Ministerium für Regionale "
    "Entwicklung.",
    "Ein Lenkungskreis begleitet das Vorhaben. Darin sitzen neben dem Regionalministerium auch das "
    "Gesundheitsministerium, die Kassenärztliche Vereinigung (KVN), die Krankenkassen, die "
    "Bundesagentur für Arbeit, die kommunalen Spitzenverbände (Landkreistag NLT, Städtetag NST, "
    "Städte- und Gemeindebund NSGB) und die beteiligten Kommunen.",
)

PHASES = text(
    heading("Zwei Phasen und ein sechstes Zentrum"),
    subheading("Erste Phase"),
    bullets(
        "Nordenham im Landkreis Wesermarsch",
        "Nordholz in der Gemeinde Wurster Nordseeküste, Landkreis Cuxhaven",
        "Alfeld für die Gemeinden im Leinebergland",
    ),
    subheading("Zweite Phase"),
    bullets(
        "Baddeckenstedt im Landkreis Wolfenbüttel",
        "Auetal im Landkreis Schaumburg",
    ),
    subheading("Das sechste Zentrum"),
    "Im Jahr 2024 bekam die Gemeinde Südheide im Landkreis Celle ihren Förderbescheid. Nach der "
    "Quelle sollte der Bau im Frühjahr 2025 beginnen; als Eröffnung nennt sie Ende 2026. Was davon "
    "eingetreten ist, steht auf der Seite dieses Zentrums, sobald es bestätigt ist.",
    "Eine Evaluierung begleitet die Modelle. Sie sollen keine Versuche auf Zeit sein: Das Ziel sind "
    "Strukturen, die das Projekt überdauern.",
)

QUESTIONS = questions(
    "Häufige Fragen",
    (
        "Was ist ein Regionales Versorgungszentrum?",
        (
            "Ein Haus oder ein Gelände, auf dem Sie eine Hausarztpraxis und weitere Angebote des täglichen "
            "Lebens beieinander finden."
        ),
    ),
    (
        "Gehört immer eine Arztpraxis dazu?",
        (
            "Ja. Ein kommunales Medizinisches Versorgungszentrum mit Hausärztinnen und Hausärzten ist der "
            "Kern jedes Zentrums."
        ),
    ),
    (
        "Welche Angebote gibt es sonst noch?",
        (
            "Zum Beispiel Tagespflege, Beratung, Therapiepraxen, Hilfe im Haushalt, ein Café und Räume für "
            "Gruppen. Jedes Zentrum hat seine eigene Mischung."
        ),
    ),
    (
        "Wer entscheidet, was in ein Zentrum kommt?",
        "Die Landkreise und Gemeinden, die es aufbauen. Maßstab ist, was die Menschen am Ort brauchen.",
    ),
    (
        "Können Vereine Räume nutzen?",
        (
            "Ja, dafür sind die Multifunktionsräume gedacht: als Treffpunkt für Vereine und für anderes, "
            "was Menschen zusammenbringt."
        ),
    ),
    (
        "Wie komme ich ohne Auto hin?",
        (
            "Gute Erreichbarkeit gehört zum Konzept: mit öffentlichen Verkehrsmitteln oder mit einem "
            "Fahrdienst auf Abruf. Den Weg zu Ihrem Zentrum finden Sie auf dessen Seite."
        ),
    ),
    (
        "Wo gibt es Zentren?",
        (
            "In Nordenham, Nordholz, Alfeld, Baddeckenstedt und Auetal. Das sechste ist für die Gemeinde "
            "Südheide vorgesehen."
        ),
    ),
    (
        "Wann öffnet das Zentrum in der Südheide?",
        "Die Quelle nennt Ende 2026. Ob das noch gilt, erfahren Sie auf der Seite des Zentrums.",
    ),
    (
        "Wer bezahlt das?",
        (
            "Die fünf Modelle förderte das Land über sein Ministerium für Regionale Entwicklung. Getragen "
            "werden die Zentren von Landkreisen und Gemeinden."
        ),
    ),
    (
        "Endet das Angebot mit dem Modellprojekt?",
        (
            "Das soll es nicht. Vorgesehen sind dauerhafte Strukturen, und auch neue Konzepte können "
            "gefördert werden."
        ),
    ),
)

DRAWING = picture(
    drawing.TITLE, caption="Altes Haus, neuer Anbau, eine Dachlinie: alles unter einem Dach."
)
MORE = links("Mehr dazu", "zentren", "fuer-kommunen")

BODY = (IDEA, CONCEPT, DRAWING, AIMS, PARTNERS, PHASES, QUESTIONS, MORE)
