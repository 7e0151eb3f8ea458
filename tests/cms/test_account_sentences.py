"""Whoever signs in is addressed politely, whatever allauth's own catalogue says."""

import re

import allauth
import polib
from django.utils import translation

from cms import account_sentences

FAMILIAR = re.compile(
    r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich|[Bb]estätige|[Gg]ib|[Kk]lick|[Ww]ähle|[Kk]ontaktiere"
    r"|[Mm]elde|versuche|verwende|[Rr]ufe)\b"
)


def test_no_sentence_of_ours_or_allauths_is_familiar():
    with translation.override("de"):
        sentences = [text for text in account_sentences.SENTENCES if isinstance(text, str)]
        for sentence in sentences:
            german = translation.gettext(sentence)
            assert german != sentence, f"not translated: {sentence}"
            assert not FAMILIAR.search(german)


def test_every_familiar_sentence_of_allauth_has_our_words():
    """An update of allauth may bring new ones."""
    catalogue = polib.pofile(f"{allauth.__path__[0]}/locale/de/LC_MESSAGES/django.po")
    for entry in catalogue:
        places = " ".join(place for place, _line in entry.occurrences)
        if re.search(r"idp/|socialaccount/|phone|usersessions/", places) or not places:
            continue
        with translation.override("de"):
            german = (
                translation.ngettext(entry.msgid, entry.msgid_plural, 2)
                if entry.msgid_plural
                else translation.gettext(entry.msgid)
            )
        assert not FAMILIAR.search(german), entry.msgid
