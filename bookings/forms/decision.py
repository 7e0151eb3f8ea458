"""What a manager types to decide: a reason from a list or in own words, a suggestion."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.forms.fields import WholeTextField

Sentences = Sequence[str | Promise]


def message_field(**options: Any) -> WholeTextField:
    """Return a field for some sentences of a manager."""
    return WholeTextField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class DecisionForm(forms.Form):
    """One text that goes into the mail. With `sentences` it is chosen first and edited then.

    A chosen sentence fills the text; what somebody typed wins over every choice.
    """

    sentences: Sentences = ()
    choice_label: Any = ""
    text_label: Any = gettext_lazy("Message to the group")
    text_help: Any = gettext_lazy("Optional. Stands in the mail.")
    text_missing: Any = ""

    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    text = message_field()

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data if data is None else self._filled(data), **kwargs)
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (str(number), sentence) for number, sentence in enumerate(self.sentences)
        ]
        self.fields["choice"].label = self.choice_label
        if not self.sentences:
            del self.fields["choice"]
        self.fields["text"].label = self.text_label
        self.fields["text"].help_text = str(self.text_help)

    @classmethod
    def _filled(cls, data: QueryDict) -> QueryDict:
        """Put the chosen sentence into the text unless somebody wrote there."""
        known = {str(number): str(sentence) for number, sentence in enumerate(cls.sentences)}
        choice, text = str(data.get("choice", "")), str(data.get("text", "")).strip()
        if choice in known and (not text or text in known.values()):
            text = known[choice]
        filled = data.copy()
        filled["text"] = text
        return filled

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.text_missing and not text:
            raise forms.ValidationError(str(self.text_missing), code="required")
        return text

    @property
    def mail_text(self) -> str:
        """Return the text as it stands now, for the preview."""
        return self._now("text")

    @property
    def mail_suggestion(self) -> str:
        return self._now("suggestion")

    @property
    def mail_substitute(self) -> str:
        return self._now("substitute")

    @property
    def mail_message(self) -> str:
        return self._now("message")

    def _now(self, name: str) -> str:
        if name not in self.fields:
            return ""
        return str(self[name].value() or "").replace("\0", "").strip()


class ApproveForm(DecisionForm):
    pass


class AskForm(DecisionForm):
    sentences: Sentences = (
        gettext_lazy("How many people do you expect?"),
        gettext_lazy("Could you come at another time, too?"),
        gettext_lazy("Will there be music, and until when?"),
        gettext_lazy("Which tables, chairs and equipment do you need?"),
    )
    choice_label = gettext_lazy("Choose a question")
    text_label = gettext_lazy("Your question")
    text_help = gettext_lazy("Choose a question above or write your own.")
    text_missing = gettext_lazy("Please choose or write a question.")


class ReasonForm(DecisionForm):
    """Saying no needs a reason."""

    choice_label = gettext_lazy("Choose a reason")
    text_label = gettext_lazy("Reason")
    text_help = gettext_lazy("Choose a reason above or write your own. The group reads it.")
    text_missing = gettext_lazy("Please choose or write a reason.")


class RejectForm(ReasonForm):
    sentences: Sentences = (
        gettext_lazy("The room is promised to another group at this time."),
        gettext_lazy("The centre needs the room itself at this time."),
        gettext_lazy("The house is closed at this time."),
        gettext_lazy("The room is too small for this number of people."),
        gettext_lazy("The room is not suited to this use."),
    )

    suggestion = WholeTextField(
        label=gettext_lazy("What would be free instead"),
        help_text=gettext_lazy("Optional. The mail suggests it to the group."),
        max_length=300,
        required=False,
    )


class RefuseWishForm(ReasonForm):
    """A wish to change: the date stays, so there is nothing to suggest in its place."""

    sentences: Sentences = (
        gettext_lazy("The room is promised to another group at this time."),
        gettext_lazy("The centre needs the room itself at this time."),
        gettext_lazy("The house is closed at this time."),
        gettext_lazy("Nobody can open the house at this time."),
    )


class NoShowForm(forms.Form):
    text = message_field(
        label=gettext_lazy("Note for the team"),
        help_text=gettext_lazy("Optional. The group does not read it."),
    )


class RevokeForm(RejectForm):
    sentences: Sentences = (
        gettext_lazy("We need the room for medical care."),
        gettext_lazy("The room has to be repaired at short notice."),
        gettext_lazy("Nobody can open the house on this day."),
    )

    substitute = forms.ChoiceField(
        label=gettext_lazy("Offer a substitute"),
        help_text=gettext_lazy(
            "What you choose is kept free for the group. It stands in the mail; the group takes it "
            "or leaves it."
        ),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy(
                "The substitute is no longer free. Please choose another one."
            )
        },
    )
    suggestion = WholeTextField(
        label=gettext_lazy("What would be free instead"),
        help_text=gettext_lazy("Optional. The mail suggests it; it is not kept free."),
        max_length=300,
        required=False,
    )
    short_notice = forms.BooleanField(
        label=gettext_lazy("Cancel at short notice"),
        help_text=gettext_lazy(
            "The date is so near that groups rely on it. Please cancel only if it cannot wait."
        ),
        required=False,
    )
    closes = forms.BooleanField(
        label=gettext_lazy("The room is needed for something else then"),
        help_text=gettext_lazy(
            "The room is closed at this time. Otherwise a group on the waiting list gets it."
        ),
        required=False,
    )
    closed_for = WholeTextField(
        label=gettext_lazy("What for?"),
        help_text=gettext_lazy(
            "Everybody reads this in the room's week, for example vaccination day."
        ),
        max_length=80,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        substitutes: Sequence[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take what can be kept free instead: key and words of each; None if it is no question.

        One that was chosen as the last one, and is gone, is still said to be gone.
        """
        super().__init__(data, **kwargs)
        was_chosen = data is not None and bool(data.get("substitute"))
        if substitutes or (substitutes is not None and was_chosen):
            self.offer(substitutes)
        else:
            del self.fields["substitute"]

    def offer(self, substitutes: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields["substitute"]
        field.choices = [*substitutes, ("", _("Keep no substitute free"))]
        self.fields["suggestion"].label = _("Or a suggestion in words")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("substitute") and cleaned.get("suggestion"):
            self.add_error(
                "suggestion",
                _(
                    "You have chosen a substitute above. Please leave this empty, or choose "
                    "“Keep no substitute free”."
                ),
            )
        if cleaned.get("closes") and "closed_for" in cleaned and not cleaned["closed_for"]:
            self.add_error(
                "closed_for", _("Please write what the room is needed for. Everybody reads it.")
            )
        if cleaned.get("closed_for") and not cleaned.get("closes"):
            self.add_error(
                "closes",
                _(
                    "You have written what the room is needed for. Please tick this so that it is "
                    "closed then, or leave “What for?” empty."
                ),
            )
        return cleaned
