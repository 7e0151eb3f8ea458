"""The floor plan of the hall in Alfeld, drawn with the pen of the demo's other pictures."""

from io import BytesIO

from PIL import Image, ImageDraw

from home.demo.drawing import INK, PAPER, SIZE, TONE, line, scaled

TITLE = "Grundriss: Saal im RVZ Leinebergland"
FILE_NAME = "grundriss-saal.png"
ALT_TEXT = (
    "Grundriss des Saals: zwei gleich große Hälften mit einer Trennwand dazwischen, links die "
    "Nordhälfte mit dem Klavier, rechts die Südhälfte mit Türen zum Garten. Jede Hälfte hat eine "
    "Tür zum Flur; neben der Nordhälfte liegt die Teeküche."
)

LEFT, TOP, RIGHT, BOTTOM = 220, 120, 1100, 620
MIDDLE = (LEFT + RIGHT) // 2
KITCHEN = 90  # its left edge
DOOR = 90  # wide
DASH, GAP = 34, 22


def png() -> bytes:
    """Return the plan as a PNG of 1200 × 800."""
    canvas = Image.new("RGB", scaled(*SIZE), PAPER)
    pen = ImageDraw.Draw(canvas)
    for left, right in ((LEFT, MIDDLE), (MIDDLE, RIGHT)):
        pen.rectangle((*scaled(left, TOP), *scaled(right, BOTTOM)), fill=TONE)
    line(pen, (LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM), (LEFT, TOP), (RIGHT, TOP))
    line(pen, (LEFT, TOP), (KITCHEN, TOP), (KITCHEN, 330), (LEFT, 330))
    for top in range(TOP, BOTTOM, DASH + GAP):  # the wall that folds away
        line(pen, (MIDDLE, top), (MIDDLE, min(top + DASH, BOTTOM)))
    for left in (LEFT + 170, MIDDLE + 170):  # doors to the corridor
        opening(pen, (left, BOTTOM), (left + DOOR, BOTTOM))
        line(pen, (left, BOTTOM), (left, BOTTOM + DOOR), stroke=5)
    opening(pen, (LEFT, 190), (LEFT, 190 + DOOR))  # to the kitchenette
    opening(pen, (RIGHT, 300), (RIGHT, 300 + 2 * DOOR))  # to the garden
    pen.rectangle((*scaled(LEFT + 60, TOP + 40), *scaled(LEFT + 210, TOP + 105)), fill=INK)  # piano
    file = BytesIO()
    canvas.resize(SIZE, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def opening(pen: ImageDraw.ImageDraw, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Leave a gap in a wall."""
    pen.line([scaled(*start), scaled(*end)], fill=PAPER, width=60)
