"""What the documentation says is true."""

import json
import re
from pathlib import Path

from cobranding.rendering.document.reading import read
from cobranding.rendering.document.schema import ELEMENTS, VARIABLES
from cobranding.rendering.document.tokens import BRAND_FIELDS, PARTNER_FIELDS
from cobranding.rendering.preflight import Code

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "template-document.md").read_text()


def test_the_example_is_a_template() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert list(read(json.loads(example[1])).formats) == ["a4"]


def test_every_element_variable_and_field_is_named() -> None:
    for name in (*ELEMENTS, *VARIABLES):
        assert f"`{name}`" in PAGE
    for name in (*PARTNER_FIELDS, *BRAND_FIELDS):
        assert name in PAGE


def test_every_finding_is_explained_and_every_one_explained_can_be_found() -> None:
    explained = re.findall(r"^\| `([a-z_]+)` \|", (DOCS / "preflight.md").read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(code.value for code in Code)
