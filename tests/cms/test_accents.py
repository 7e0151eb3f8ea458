"""The roof line is seen in every colour, light and dark: 3:1 at least (WCAG 1.4.11)."""

import math
import re

import pytest
from django.contrib.staticfiles import finders

from cms.models import Accent

BACKGROUNDS = (
    "--kern-color-layout-background-default",
    "--kern-color-layout-background-hued",
)
LEAST = 3.0

Colour = tuple[float, float, float]  # linear light


def tokens(css: str, scheme: str) -> dict[str, str]:
    """Return the custom properties in force for `data-kern-theme=scheme`."""
    found: dict[str, str] = {}
    for selector, body in re.findall(
        r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    ):
        names = selector.replace('"', "").replace("'", "").strip()
        if (
            names.endswith((":root", ".rvz-accent-neutral"))
            or f"[data-kern-theme={scheme}]" in names
        ):
            found.update(re.findall(r"(--[\w-]+)\s*:\s*([^;]+)", body))
    return found


def resolve(name: str, known: dict[str, str]) -> Colour:
    value = known[name].strip()
    reference = re.fullmatch(r"var\((--[\w-]+)\)", value)
    return resolve(reference.group(1), known) if reference else colour(value)


def colour(value: str) -> Colour:
    if hexadecimal := re.fullmatch(r"#([0-9a-f]{6}|[0-9a-f]{3})", value, re.IGNORECASE):
        digits = hexadecimal.group(1)
        digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        return tuple(linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))  # type: ignore[return-value]
    parts = re.fullmatch(r"oklch\(([\d.]+)(%?) ([\d.]+) ([\d.]+|none)\)", value)
    assert parts, f"unknown notation of a colour: {value}"
    lightness = float(parts.group(1)) / (100 if parts.group(2) else 1)
    hue = 0 if parts.group(4) == "none" else float(parts.group(4))
    return from_oklch(lightness, float(parts.group(3)), hue)


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def from_oklch(lightness: float, chroma: float, hue: float) -> Colour:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def contrast(one: Colour, other: Colour) -> float:
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def read(path: str) -> str:
    found = finders.find(path)
    if not found:
        pytest.skip(f"{path} is not built yet (make assets)")
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 – finders give strings
        return file.read()


def test_measure_knows_black_on_white():
    assert contrast(colour("#000000"), colour("#fff")) == pytest.approx(21)
    assert contrast(colour("oklch(100% 0 none)"), colour("#fff")) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", Accent.values)
def test_roof_line_is_seen_on_every_background(accent, scheme):
    known = tokens(read("kern/kern.min.css") + read("css/bridge.css"), scheme)
    name = "--rvz-accent" if accent == Accent.NEUTRAL else f"--rvz-{accent}"
    line = resolve(name, known)
    for background in BACKGROUNDS:
        assert contrast(line, resolve(background, known)) >= LEAST, background


@pytest.mark.parametrize("accent", Accent.values)
def test_every_accent_has_its_class(accent):
    css = read("css/bridge.css")
    assert f".rvz-accent-{accent} " in css


def test_system_and_button_give_the_same_colours():
    css = read("css/bridge.css")
    for accent in Accent.values:
        values = re.findall(rf"--rvz-{accent}: (#\w+);", css)
        light, dark, *chosen = values or ["", "", "", ""]
        assert chosen == [light, dark]
