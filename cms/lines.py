"""The ends of lines, of which Unicode has more than anybody types: they would forge lines of a mail."""

import re

# What Python and mail programs take for one, beside the line feed and what comes with it.
_ODD_END = re.compile("\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Return a text in one line, whatever was pasted."""
    return " ".join(line for line in text.splitlines() if line)


def plain_lines(text: str) -> str:
    """Return a text whose lines all end alike."""
    return "\n".join(text.splitlines())


def without_odd_ends(text: str) -> str:
    """Return a text that has only those lines that somebody sees who types it."""
    return _ODD_END.sub(" ", text)
