"""The guide for designers and its pictures belong together."""

import importlib.util
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "designing.md").read_text(encoding="utf-8")
MOST_BYTES, MOST_BYTES_OF_ALL = 150_000, 1_500_000


def script() -> Any:
    spec = importlib.util.spec_from_file_location("pictures_of_the_guide", DOCS / "pictures" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_of_the_guide_is_there_and_made_by_the_script() -> None:
    shown = re.findall(r"!\[[^\]]{20,}\]\(pictures/([a-z]+)\.webp\)", GUIDE)
    assert len(shown) == GUIDE.count("![")
    assert sorted(shown) == sorted(script().PICTURES)
    sizes = [(DOCS / "pictures" / f"{name}.webp").stat().st_size for name in shown]
    assert max(sizes) < MOST_BYTES
    assert sum(sizes) < MOST_BYTES_OF_ALL


def test_a_picture_comes_out_of_the_script() -> None:
    picture = script().logos()
    assert picture.size[0] > picture.size[1]
    left, middle, right = (picture.getpixel((at, 60)) for at in (60, 520, 960))
    assert (left, middle, right) == ((255, 255, 255), (11, 31, 75), (11, 31, 75))
