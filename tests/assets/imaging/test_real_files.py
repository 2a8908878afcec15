"""Files as people really have them."""

from pathlib import Path

import pytest

from assets.imaging.accept import accept
from assets.imaging.limits import LOGO, PROOF

MATERIAL = Path(__file__).parents[1] / "material"


@pytest.mark.parametrize(
    ("name", "proportions", "colour"),
    [
        ("firefox.svg", 256 / 265, "#e47360"),  # 14 gradients and a mask
        ("grafana.svg", 180 / 195, "#f4821d"),
        ("mastodon.svg", 512 / 127, "#aaceed"),  # very wide
        ("python.svg", 256 / 255, "#9ba374"),
    ],
)
def test_real_logos_keep_their_proportions_and_their_colours(name, proportions, colour):
    accepted = accept((MATERIAL / name).read_bytes(), name, LOGO)
    assert accepted.notes == ()
    assert accepted.mark.width_px / accepted.mark.height_px == pytest.approx(proportions, rel=0.04)
    found = [int(accepted.measures.average_colour[at : at + 2], 16) for at in (1, 3, 5)]
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert found == pytest.approx(wanted, abs=3)
    assert accepted.measures.transparent_share > 0.1


def test_a_real_form_loses_its_scripts_and_restrictions_but_no_page():
    accepted = accept((MATERIAL / "restricted-form.pdf").read_bytes(), "form.pdf", PROOF)
    assert accepted.pages == 4
    assert b"/JavaScript" not in accepted.file.data
    assert accepted.thumbnail.height_px == 360
    assert any("Scripts" in note for note in accepted.notes)
