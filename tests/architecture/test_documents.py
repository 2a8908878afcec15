"""What the README says about settings is what the program reads."""

import re
from dataclasses import fields

from tcma.settings import Settings
from tests.architecture.sources import ROOT


def test_the_settings_table_of_the_readme_equals_the_settings():
    readme = (ROOT / "README.md").read_text()
    listed = re.findall(r"^\| `(TCMA_[A-Z_]+)`", readme, flags=re.MULTILINE)
    # `tcma up` alone reads where the embedded engines live.
    read = {f"TCMA_{item.name.upper()}" for item in fields(Settings)} | {"TCMA_DATA_DIR"}
    assert sorted(listed) == sorted(read)


def test_decision_records_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_links_in_documents_lead_to_files_that_exist():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)}: {target}"
