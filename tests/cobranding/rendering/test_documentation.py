"""What the documentation says is true."""

import json
import re
from pathlib import Path

from cobranding.rendering.document.reading import read
from cobranding.rendering.document.schema import ELEMENTS, VARIABLES
from cobranding.rendering.document.tokens import BRAND_FIELDS, PARTNER_FIELDS

PAGE = (Path(__file__).parents[3] / "docs" / "template-document.md").read_text()


def test_the_example_is_a_template() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert list(read(json.loads(example[1])).formats) == ["a4"]


def test_every_element_variable_and_field_is_named() -> None:
    for name in (*ELEMENTS, *VARIABLES):
        assert f"`{name}`" in PAGE
    for name in (*PARTNER_FIELDS, *BRAND_FIELDS):
        assert name in PAGE
