"""Text, notices, questions and answers."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
SMALL_FEATURES = ["bold", "ul", "ol", "link", "document-link"]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": TEXT_FEATURES, "max_length": 20_000, **kwargs})

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "blocks/text.html"
        description = _("Paragraphs, headings and lists.")
        preview_value = (
            "<h2>So läuft Ihr Besuch</h2><p>Melden Sie sich am Empfang im Erdgeschoss. "
            "Wir bringen Sie zur richtigen Tür.</p>"
        )


class NoticeBlock(blocks.StructBlock):
    level = blocks.ChoiceBlock(
        choices=[("info", _("Good to know")), ("warning", _("Please note"))],
        default="info",
        label=_("Weight"),
    )
    title = blocks.CharBlock(max_length=120, label=_("Heading"))
    text = blocks.RichTextBlock(features=SMALL_FEATURES, max_length=2_000, label=_("Text"))

    class Meta:
        label = _("Notice")
        icon = "warning"
        template = "blocks/notice.html"
        description = _("A box for something that must not be overlooked. At most one a page.")
        preview_value = {
            "level": "info",
            "title": "Aufzug",
            "text": "<p>Der Aufzug ist links neben dem Empfang.</p>",
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200, label=_("Question"))
    answer = blocks.RichTextBlock(features=SMALL_FEATURES, max_length=4_000, label=_("Answer"))

    class Meta:
        label = _("Question and answer")
        icon = "help"


class QuestionsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, required=False, label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "blocks/questions.html"
        description = _("Each question folds out its answer.")
        preview_value = {
            "heading": "Häufige Fragen",
            "questions": [
                {
                    "question": "Brauche ich einen Termin?",
                    "answer": "<p>Für die Beratung ja. Rufen Sie bitte vorher an.</p>",
                },
            ],
        }
