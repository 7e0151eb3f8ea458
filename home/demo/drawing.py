"""The picture of a house in the demo: a plain line drawing, so that no photo has to be invented."""

from io import BytesIO

from PIL import Image, ImageDraw

TITLE = "Zeichnung: ein Haus mit Anbau"
FILE_NAME = "haus-mit-anbau.png"
ALT_TEXT = (
    "Strichzeichnung: links ein altes Haus mit Giebel, rechts ein flacher Anbau; eine Dachlinie "
    "läuft über beide."
)

SIZE = (1200, 800)  # 3:2
SMOOTHING = 3  # drawn larger, then reduced: Pillow's lines have hard edges
PAPER, INK, TONE = "#ffffff", "#171a2b", "#dfe3ee"
STROKE = 9
GROUND = 656
ROOF = ((90, 380), (390, 246), (627, 352), (1110, 352))
OLD_HOUSE = ((150, 353), (390, 246), (627, 352), (627, GROUND), (150, GROUND))
ANNEX = ((627, 352), (1050, 352), (1050, GROUND), (627, GROUND))
OPENINGS = (
    (215, 405, 295, 505),
    (350, 405, 430, 505),
    (485, 405, 565, 505),
    (215, 560, 295, 620),
    (350, 545, 430, GROUND),
    (485, 560, 565, 620),
    (700, 420, 850, 560),
    (900, 470, 980, GROUND),
)


def png() -> bytes:
    """Return the drawing as a PNG of 1200 × 800."""
    canvas = Image.new("RGB", scaled(*SIZE), PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.polygon([scaled(*point) for point in ANNEX], fill=TONE)
    for outline in (OLD_HOUSE, ANNEX):
        closed_line(pen, *outline)
    for left, top, right, bottom in OPENINGS:
        closed_line(pen, (left, top), (right, top), (right, bottom), (left, bottom))
    line(pen, (40, GROUND), (1160, GROUND))
    line(pen, *ROOF, stroke=2 * STROKE)
    file = BytesIO()
    canvas.resize(SIZE, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def line(pen: ImageDraw.ImageDraw, *points: tuple[int, int], stroke: int = STROKE) -> None:
    """Draw through the points, with round corners."""
    pen.line(
        [scaled(*point) for point in points], fill=INK, width=stroke * SMOOTHING, joint="curve"
    )


def closed_line(pen: ImageDraw.ImageDraw, *points: tuple[int, int]) -> None:
    line(pen, *points, *points[:2])  # one side twice, so that the first corner is round, too


def scaled(x: int, y: int) -> tuple[int, int]:
    return x * SMOOTHING, y * SMOOTHING
