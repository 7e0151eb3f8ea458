"""Words in the week's blocks can be read on their plates: 4.5:1 at least (WCAG 1.4.3)."""

import pytest

from tests.cms.test_accents import contrast, read, resolve, tokens

PAPER, TEXT = "--kern-color-layout-background-default", "--kern-color-layout-text-default"
ACTION, TAKEN = "--kern-color-action-default", "--rvz-taken"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("words", "plate"), [(TEXT, PAPER), (ACTION, PAPER), (TEXT, TAKEN)])
def test_words_stand_out_from_their_plate(scheme, words, plate):
    css = read("kern/kern.min.css") + read("css/bridge.css") + read("css/week.css")
    known = tokens(css, scheme)
    assert contrast(resolve(words, known), resolve(plate, known)) >= 4.5
