"""What an e-mail says after a partner and a touch have been filled in."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranding.rendering.errors import ValuesRefused
from cobranding.rendering.mail import compose
from cobranding.rendering.tokens import MERGED
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
