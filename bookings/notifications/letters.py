"""A mail as parts, and how it becomes text and HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from bookings.calendar_entries import Method
from cms.lines import without_odd_ends
from cms.models import Centre
from cms.services.mail import NewMail


@dataclass(frozen=True)
class MailText:
    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True)
class Fact:
    label: str
    text: str

    @property
    def has_lines(self) -> bool:
        return "\n" in self.text


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The answer comes in the first line; the parts in the order in which they are read.

    says: further paragraphs. after: what stands below the facts.
    second: beside the button, to say no.
    calendar: what the attached file does, None for no attachment.
    opt_out: how to get such mails no more, at the very end.
    is_signed: by the centre's team, with its phone; not when it goes to the team itself.
    """

    subject: str
    answer: str
    says: Sequence[str] = ()
    button: Button | None = None
    second: Button | None = None
    facts: Sequence[Fact] = ()
    after: Sequence[str] = ()
    calendar: Method | None = None
    is_signed: bool = True
    opt_out: Button | None = None


def mail_text(letter: Letter, centre: Centre, *, with_html: bool = True) -> MailText:
    """Return subject, text and HTML. Whatever markup somebody typed is shown as text."""
    letter = _in_plain_lines(letter)
    context = {"letter": letter, "centre": centre}
    return MailText(
        subject=" ".join(letter.subject.split()),
        text=_tidy(render_to_string("emails/booking.txt", context)),
        html=render_to_string("emails/booking.html", context) if with_html else "",
    )


def new_mails(
    letter: Letter, centre: Centre, *, to: Mapping[str, str], calendar: str = ""
) -> list[NewMail]:
    """Return the mails of a centre with this letter. `to`: the key of each mail → its address."""
    written = mail_text(letter, centre)
    return [
        NewMail(
            key=key,
            recipient=address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            reply_to=centre.email,
            calendar=calendar,
            unsubscribe_url=letter.opt_out.url if letter.opt_out else "",
        )
        for key, address in to.items()
    ]


def _in_plain_lines(letter: Letter) -> Letter:
    """Leave no end of a line that nobody sees: what is typed would look like a fact of ours."""
    return replace(
        letter,
        answer=without_odd_ends(letter.answer),
        says=[without_odd_ends(said) for said in letter.says],
        facts=[Fact(fact.label, without_odd_ends(fact.text)) for fact in letter.facts],
        after=[without_odd_ends(said) for said in letter.after],
    )


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, whichever of them a mail has."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for before, line in zip(["", *lines], lines, strict=False) if before or line]
    return "\n".join(kept) + "\n"
