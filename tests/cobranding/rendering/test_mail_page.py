"""How the page of an e-mail is made: styles in place, safe in the dark, mirrored, described, and small enough."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranding.rendering.document.reading import read
from cobranding.rendering.errors import DocumentInvalid, ValuesRefused
from cobranding.rendering.mail.composing import compose
from cobranding.rendering.mjml import dark
from cobranding.rendering.mjml.compiling import compile_page
from tcma.demo import templates as demo
from tests.factories import cobranding as factory

LIGHT, DARK = "https://portal.example/m/light", "https://portal.example/m/dark"
COLORS = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
DARK_RULES = re.compile(r"@media \(prefers-color-scheme:dark\)\{(.*?)\}\}", re.DOTALL)


def body(words: str, head: str = "", ground: str = "#FFFFFF") -> str:
    return (
        f"<mjml><mj-head>{head}</mj-head><mj-body><mj-section background-color='{ground}'><mj-column>{words}"
        "<mj-text><a href='{{unsubscribe_url}}'>Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>"
    )


def changed(place: str, by: str) -> dict[str, Any]:
    raw = factory.email()
    raw["email"]["mjml"] = raw["email"]["mjml"].replace(place, by)
    return raw


def rules_of(page: str) -> dict[str, dict[str, str]]:
    found = DARK_RULES.search(page)
    assert found is not None
    parts = re.findall(r"\.([a-z0-9-]+)\{([^}]*)", found[1] + "}")
    return {
        name: {each.partition(":")[0]: each.partition(":")[2].removesuffix("!important") for each in said.split(";")}
        for name, said in parts
    }


class _Words(HTMLParser):
    """Reads how each word of a page would look in the dark: its colour, and what it stands on."""

    VOID = ("img", "br", "meta", "hr")

    def __init__(self, rules: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.rules = rules
        self.stack: list[tuple[str, str, str, bool]] = [("", "#000000", "#ffffff", True)]
        self.seen: dict[str, tuple[str, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        _, ink, paper, shown = self.stack[-1]
        given = dict(attrs)
        style = given.get("style") or ""
        own = dict(re.findall(r"(?:^|;)\s*(color|background-color|display):\s*([^;]+)", style))
        ink, paper = own.get("color", ink), own.get("background-color", paper)
        for name in (given.get("class") or "").split():
            rule = self.rules.get(name, {})
            ink, paper = rule.get("color", ink), rule.get("background-color", paper)
        self.stack.append((tag, ink, paper, shown and own.get("display") != "none"))

    def handle_endtag(self, tag: str) -> None:
        while self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, ink, paper, shown = self.stack[-1]
        if data.strip() and shown and "body" in {tag for tag, *_ in self.stack}:
            self.seen[data.strip()] = (ink, paper)


def rgb(color: str) -> dark.Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def test_the_styles_of_the_template_stand_where_they_apply() -> None:
    head = "<mj-style>.note a { color: #B4431F } .note a:hover { color: #112233 } @media print { p { margin: 0 } }</mj-style>"  # noqa: E501
    page = compile_page(body("<mj-text css-class='note'><a href='https://a.example/'>x</a></mj-text>", head), ())
    assert re.search(r'<a [^>]*style="color: ?#B4431F', page)
    assert ".note a {" not in page
    assert ":hover" in page
    assert "@media print" in page
    assert "min-width:480px" in page


def test_what_outlook_needs_survives() -> None:
    page = compose(factory.mail_inputs()).html
    assert page.count("<!--[if mso | IE]>") > 3
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in page
    assert "mso-table-lspace" in page
    source = body("<mj-text>x</mj-text>").replace(
        "<mj-section ", "<mj-section background-url='{{partner_logo}}' background-size='cover' "
    )
    assert re.search(r'<v:rect [^>]*><v:fill [^>]*src="\{\{partner_logo\}\}"', compile_page(source, ()))


def test_escaped_braces_never_become_a_token() -> None:
    words = "&#123;&#123;pixel&#x7D;&#125; &lbrace;&lcub;view_url&rbrace;&rcub;"
    page = compile_page(body(f"<mj-text>{words}</mj-text>"), ())
    assert "&#123;&#123;pixel&#125;&#125; &#123;&#123;view_url&#125;&#125;" in page


def test_words_are_read_in_the_dark_as_well_as_before() -> None:
    raw = demo.email()
    pictures = {name: f"https://portal.example/m/{name}" for name in raw["images"]}
    page = compose(factory.mail_inputs(raw, image_urls=pictures)).html
    reader = _Words(rules_of(page))
    reader.feed(page)
    assert len(reader.seen) > 15
    for words, (ink, paper) in reader.seen.items():
        assert dark.contrast(rgb(ink), rgb(paper)) >= 4.5, words
    assert reader.seen["Unsubscribe"][1] == "#18130c"
    assert reader.seen["Save my cup"] == ("#ffffff", "#b4431f")


@given(COLORS, COLORS)
def test_any_pair_of_colours_stays_readable(ink: dark.Rgb, paper: dark.Rgb) -> None:
    deep = dark.darkened(paper)
    if deep == paper:
        return
    assert max(deep) < 70
    assert dark.contrast(dark.lightened(ink, paper, deep), deep) >= 4.5
    assert dark.contrast(dark.lightened(ink, paper, deep), deep) >= min(12, dark.contrast(ink, paper)) - 0.5


def test_rules_for_outlook_stand_apart_so_that_gmail_keeps_the_others() -> None:
    page = compose(factory.mail_inputs()).html
    styles = re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL)
    assert [bool("data-ogs" in style) for style in styles if "!important" in style].count(True) == 1
    assert not [style for style in styles if "data-ogs" in style and "@media" in style]
    assert '<meta name="color-scheme" content="light dark">' in page
    assert '<meta name="supported-color-schemes" content="light dark">' in page


def test_a_template_with_dark_rules_of_its_own_keeps_them() -> None:
    head = "<mj-style>@media (prefers-color-scheme: dark) { .x { color: #EEEEEE } }</mj-style>"
    page = compile_page(body("<mj-text css-class='x'>x</mj-text>", head), ())
    assert "#EEEEEE" in page
    assert 'class="d0"' not in page


def test_what_stands_on_a_picture_stays_as_it_is() -> None:
    source = body("<mj-text color='#111111'>x</mj-text>").replace(
        "<mj-section ", "<mj-section background-url='{{partner_logo}}' "
    )
    page = compile_page(source, ("partner_logo",))
    reader = _Words(rules_of(page))
    reader.feed(page)
    assert reader.seen["x"][0] == "#111111"


def test_the_logo_for_dark_ground_takes_the_place_of_the_other_one() -> None:
    page = compose(factory.mail_inputs(logo_url=LIGHT, dark_logo_url=DARK)).html
    light, other = re.findall(r"<img[^>]*>", page)
    assert f'src="{LIGHT}"' in light
    assert 'class="d' in light
    assert "logo-light" in light
    assert f'src="{DARK}"' in other
    assert "display:none" in other
    assert 'alt="Nordwind Systemhaus"' in other
    assert f"<!--[if !mso]><!-->{other}<!--<![endif]-->" in page
    assert rules_of(page)["logo-dark"] == {"display": "block"}
    assert rules_of(page)["logo-light"] == {"display": "none"}


def test_a_logo_on_a_ground_that_stays_is_not_exchanged() -> None:
    image = "<mj-image src='{{partner_logo}}' alt='x' />"
    own = "<mj-style>@media (prefers-color-scheme: dark) { .x { color: #EEEEEE } }</mj-style>"
    sources = (body(image, ground="#7FB5E6"), body(image), body(image, own))
    pages = [compile_page(source, ("partner_logo", "dark_logo")).partition("<body")[2] for source in sources]
    assert ["logo-light" in page for page in pages] == [False, True, True]


def test_a_partner_with_one_logo_shows_one() -> None:
    for inputs in (factory.mail_inputs(), factory.mail_inputs(logo_url=LIGHT, dark_logo_url=LIGHT)):
        page = compose(inputs).html
        assert len(re.findall("<img", page)) == 1
        assert "logo-dark" not in page


def test_a_picture_keeps_the_ground_that_it_was_made_for() -> None:
    page = compose(factory.mail_inputs()).html
    (image,) = re.findall(r'<img[^>]*class="([^"]*)"', page)
    assert rules_of(page)[image]["background-color"] == "#ffffff"


@pytest.mark.parametrize(("locale", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("de-AT", "ltr")])
def test_the_page_says_its_language_and_direction(locale: str, direction: str) -> None:
    page = compose(factory.mail_inputs(locale=locale)).html
    assert f'<html lang="{locale}" dir="{direction}"' in page
    assert "auto" not in re.findall(r'dir="(\w+)"', page)


def test_a_page_that_is_read_from_the_right_is_mirrored() -> None:
    source = body("<mj-text align='left' padding='1px 2px 3px 4px'>x</mj-text><mj-text align='center'>y</mj-text>")
    page = compile_page(source, ("right_to_left",))
    assert "padding:1px 4px 3px 2px" in page
    assert "direction:ltr" not in re.sub(r"<!--.*?-->", "", page)
    assert "text-align:right" in page
    assert "text-align:center" in page
    assert compile_page(source, ()).count("padding: 1px 2px 3px 4px") == 1


def test_every_page_has_a_title_and_a_preview() -> None:
    raw = changed("<mj-title>{{subject}}</mj-title>", "")
    raw["email"]["mjml"] = raw["email"]["mjml"].replace("<mj-preview>{{preheader}}</mj-preview>", "")
    for each in (raw, factory.email()):
        mail = compose(factory.mail_inputs(each))
        assert f"<title>{mail.subject}</title>" in mail.html
        assert mail.html.count(mail.preheader) == 1
        assert mail.preheader not in mail.text
    headless = re.sub(r"<mj-head>.*</mj-head>", "", factory.MAIL, flags=re.DOTALL)
    assert "<title>{{subject}}</title>" in compile_page(headless, ())


def test_tables_that_only_lay_out_say_so() -> None:
    page = compose(factory.mail_inputs()).html
    assert re.findall(r"<table(?![^>]*role=\"presentation\")[^>]*>", page) == []


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ('<mj-image src="{{partner_logo}}" />', "must say what each mj-image shows"),
        ('<mj-image src="{{partner_logo}}" alt=" " href="https://a.example/" />', "where it leads"),
    ],
)
def test_a_picture_without_words_is_refused(markup: str, sentence: str) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        read(changed("<mj-text>{{offer}}</mj-text>", markup))
    assert sentence in refused.value.errors["email.mjml"][0]
    read(changed("<mj-text>{{offer}}</mj-text>", '<mj-image src="{{partner_logo}}" alt="" />'))


def test_a_mail_that_gmail_would_cut_off_is_refused() -> None:
    with pytest.raises(DocumentInvalid) as refused:
        read(changed("<mj-text>{{offer}}</mj-text>", "<mj-text>Words</mj-text>" * 450))
    assert "Gmail hides what comes after 102 KB" in refused.value.errors["email.mjml"][0]
    raw = factory.email()
    raw["email"]["texts"] |= {f"more{at}": "x" * 5000 for at in range(12)}
    places = "".join(f"<mj-text>{{{{text.more{at}}}}}</mj-text>" for at in range(12))
    raw["email"]["mjml"] = raw["email"]["mjml"].replace("<mj-text>{{offer}}</mj-text>", places)
    read(raw)
    raw["email"]["mjml"] = raw["email"]["mjml"].replace(places, places * 2)
    with pytest.raises(DocumentInvalid):
        read(raw)


def test_a_kit_that_says_too_much_is_refused() -> None:
    raw = changed("<mj-text>{{offer}}</mj-text>", "<mj-text>{{text.body}}</mj-text>" * 20)
    compose(factory.mail_inputs(raw))
    with pytest.raises(ValuesRefused) as refused:
        compose(factory.mail_inputs(raw, texts={"body": "wort " * 999}))
    assert "makes a mail of" in refused.value.errors["email.mjml"][0]


SCRIPT = """
import hashlib
from cobranding.rendering.mail.composing import compose
from tests.factories import cobranding as factory
print(hashlib.sha256(compose(factory.mail_inputs(dark_logo_url="https://portal.example/m/d")).html.encode()).hexdigest())
"""


def test_two_processes_make_the_same_page() -> None:
    root = Path(__file__).parents[3]
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={"PYTHONPATH": str(root), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != ""
