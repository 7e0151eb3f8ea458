"""From the bytes of a file to text, whatever program wrote them."""

import codecs
import unicodedata

from bookings.rules.weekly_list.values import Fault, FaultCode

LARGEST = 500_000  # bytes, or signs
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("utf-8", "cp1252")  # Latin-1 has the same letters


class UndecodableError(ValueError):
    """Says what is wrong with the file as a whole."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def decoded(source: str | bytes, encoding: str = "") -> str:
    """Return the text; `encoding` is what the person said, "" to find out.

    Letters with accents come in one piece. Raises UndecodableError.
    """
    if len(source) > LARGEST:
        raise UndecodableError(Fault(FaultCode.TOO_BIG))
    text = source if isinstance(source, str) else _text(source, encoding)
    return unicodedata.normalize("NFC", text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))


def _text(data: bytes, encoding: str) -> str:
    if data.startswith(_WORKBOOKS):
        raise UndecodableError(Fault(FaultCode.WORKBOOK))
    for name in [encoding] if encoding else _candidates(data):
        try:
            return data.decode(name)
        except (ValueError, LookupError):
            continue
    raise UndecodableError(Fault(FaultCode.NOT_DECODABLE, text=encoding))


def _candidates(data: bytes) -> tuple[str, ...]:
    """Return what the file may be written in: by its mark, or by what its letters look like.

    In UTF-16 every second byte of a plain letter is zero; Excel writes a mark, others do not.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return (name,)
    for zeros, name in ((data[1::2], "utf-16-le"), (data[::2], "utf-16-be")):
        if zeros and zeros.count(0) * 2 > len(zeros):
            return (name,)
    return _GUESSES
