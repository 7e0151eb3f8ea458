"""The hall in Alfeld as one sees it from its door, in the same stroke as the demo's other pictures."""

from io import BytesIO

from PIL import Image, ImageDraw

from home.demo.drawing import INK, PAPER, SIZE, TONE, closed_line, line, scaled

TITLE = "Zeichnung: Saal im RVZ Leinebergland"
FILE_NAME = "saal.png"
ALT_TEXT = (
    "Strichzeichnung: ein Saal mit drei hohen Fenstern zum Garten, links ein Klavier, davor eine "
    "Reihe Stühle."
)

LEFT, TOP, RIGHT, FLOOR = 190, 130, 1010, 500  # the wall with the windows
WINDOWS = (430, 630, 830)
WINDOW = (130, 250)
PIANO = (240, 350, 370, FLOOR)
KEYS = 440
CHAIRS = (250, 390, 530, 670, 810, 950)  # their middles
CHAIR_FEET, CHAIR_SIZE = 690, 68


def png() -> bytes:
    """Return the drawing as a PNG of 1200 × 800."""
    canvas = Image.new("RGB", scaled(*SIZE), PAPER)
    pen = ImageDraw.Draw(canvas)
    floor = ((LEFT, FLOOR), (RIGHT, FLOOR), (1150, 740), (50, 740))
    pen.polygon([scaled(*point) for point in floor], fill=TONE)
    _box(pen, LEFT, TOP, RIGHT, FLOOR)
    for corner, edge in (((LEFT, TOP), (50, 40)), ((RIGHT, TOP), (1150, 40))):
        line(pen, corner, edge)
    for corner, edge in (((LEFT, FLOOR), (50, 740)), ((RIGHT, FLOOR), (1150, 740))):
        line(pen, corner, edge)
    width, height = WINDOW
    for left in WINDOWS:
        _box(pen, left, TOP + 60, left + width, TOP + 60 + height)
        line(pen, (left + width // 2, TOP + 60), (left + width // 2, TOP + 60 + height))
        line(pen, (left, TOP + 140), (left + width, TOP + 140))
    _piano(pen)
    for middle in CHAIRS:
        _chair(pen, middle)
    file = BytesIO()
    canvas.resize(SIZE, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _box(pen: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    closed_line(pen, (left, top), (right, top), (right, bottom), (left, bottom))


def _piano(pen: ImageDraw.ImageDraw) -> None:
    left, top, right, bottom = PIANO
    pen.rectangle((*scaled(left, top), *scaled(right, bottom)), fill=INK)
    pen.rectangle((*scaled(left - 12, KEYS), *scaled(right + 12, KEYS + 16)), fill=PAPER)
    _box(pen, left - 12, KEYS, right + 12, KEYS + 16)


def _chair(pen: ImageDraw.ImageDraw, middle: int) -> None:
    """Draw a chair from behind: its back, its seat, two legs."""
    half = CHAIR_SIZE // 2
    top, seat = CHAIR_FEET - 2 * CHAIR_SIZE, CHAIR_FEET - CHAIR_SIZE // 2
    back = seat - CHAIR_SIZE // 2
    pen.rectangle((*scaled(middle - half, top), *scaled(middle + half, back)), fill=PAPER)
    _box(pen, middle - half, top, middle + half, back)
    for side in (-half, half):
        line(pen, (middle + side, top), (middle + side, CHAIR_FEET))
    line(pen, (middle - half, seat), (middle + half, seat))
