from pathlib import Path

import pytest

from tools.kern_classes import find_unknown

KERN = ".kern-btn,.kern-btn--primary{color:var(--kern-color)}:root{--kern-color:#000}"


@pytest.mark.parametrize(
    "text",
    [
        '<a class="kern-btn kern-btn--primary rvz-link">',
        '<a class="kern-btn kern-btn--{{ kind }}">',
        '<html data-kern-theme="dark">',
        "a { color: var(--kern-color) }",
        ":root { --kern-own: 1 } a { margin: var(--kern-own) }",
        "@kern-ux/native",
    ],
)
def test_what_kern_has_may_be_used(text: str, tmp_path: Path):
    assert problems(text, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<a class="kern-button">', "kern-button"),
        ('<a class="kern-btn--{{ kind }} kern-badge--{{ kind }}">', "kern-badge--"),
        ("a { color: var(--kern-colour) }", "--kern-colour"),
    ],
)
def test_what_kern_has_not_is_found(text: str, name: str, tmp_path: Path):
    assert problems(f"first line\n{text}", tmp_path) == [f"page.html:2: KERN has no {name}"]


def problems(text: str, folder: Path) -> list[str]:
    path = folder / "page.html"
    path.write_text(text)
    return [line.removeprefix(f"{folder}/") for line in find_unknown(KERN, iter([path]))]
