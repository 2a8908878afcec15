import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from tcma.kernel.money import Money
from tcma.web.pages import FormState


@pytest.fixture
def macros(app):
    with app.test_request_context("/"):
        yield app.jinja_env.get_template("macros.html").module


def test_money_shows_every_digit_of_its_currency(macros):
    assert "1,234,567.05" in macros.money(Money(123456705, "EUR"))
    assert "1,500" in macros.money(Money(1500, "JPY"))
    assert "." not in str(macros.money(Money(1500, "JPY")))
    assert "no amount" in macros.money(None)


def test_a_state_is_said_in_words_and_not_by_colour_alone(macros):
    assert ">Info requested<" in macros.state_badge("info_requested")
    assert "state-warn" in macros.state_badge("info_requested")
    assert ">Something new<" in macros.state_badge("something_new")


def test_an_instant_names_its_zone_and_a_date_has_none(macros):
    assert "21 Nov 2026, 09:05 UTC" in macros.when(datetime(2026, 11, 21, 9, 5, tzinfo=UTC))
    assert "data-local" not in macros.when(date(2026, 11, 21))


def test_what_was_entered_is_escaped_and_kept(macros):
    form = FormState({"title": '"><script>'}, {"title": ["Too <long>."]})
    field = str(macros.field(form, "title", "Title", required=True))

    assert "<script>" not in field
    assert "&#34;&gt;&lt;script&gt;" in field
    assert "Too &lt;long&gt;." in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-title-error"' in field


def test_a_password_field_never_shows_what_was_entered(macros):
    assert "hunter2" not in macros.field(FormState({"password": "hunter2"}), "password", "Password", "password")


def test_a_money_field_sends_amount_and_currency(macros):
    field = str(macros.field(FormState({"share.amount": "12.50"}), "share", "Share", "money", currency="EUR"))

    assert 'name="share.amount" value="12.50"' in field
    assert 'name="share.currency" value="EUR"' in field


def test_a_form_carries_its_token_and_its_key(macros):
    form = str(macros.form_open("/somewhere", upload=True))

    assert 'name="csrf_token"' in form
    assert 'name="_key"' in form
    assert 'enctype="multipart/form-data"' in form


def test_no_page_has_inline_script_or_style(app):
    for name in app.jinja_env.list_templates(extensions=["html"]):
        source, path, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
        if "site-packages" in path:
            continue
        assert not re.search(r"<[^{>%]* style=", source), name
        assert "<style" not in source, name
        assert not re.search(r"<[^{>%]* on[a-z]+=", source), name
        assert "<script>" not in source, name


def test_a_timeline_names_what_happened(macros):
    event = SimpleNamespace(at=datetime(2026, 1, 2, tzinfo=UTC), title="Approved", actor="Ada", text="", href="")
    assert "Approved" in macros.timeline([event])
