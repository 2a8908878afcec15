"""What a kit may contain, and which text a reader gets."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.kits import rules
from campaigns.kits.errors import KitDocumentInvalid, KitIncomplete
from campaigns.kits.rules import KitVersionState, TouchChannel
from tcma.kernel.states import IllegalMove, move


def touch(**fields):
    return {
        "key": "intro",
        "channel": "email",
        "template_version_id": 1,
        "texts": {"en": {"subject": "Hello {{contact.first_name}}", "body": "Yours, {{partner.trade_name}}"}},
        **fields,
    }


def document(*touches, **fields):
    return {"default_locale": "en", "touches": list(touches) or [touch()], **fields}


def problems_of(document) -> dict[str, list[str]]:
    with pytest.raises(KitDocumentInvalid) as refused:
        rules.check_document(document)
    return refused.value.errors


def lacks_of(document) -> dict[str, list[str]]:
    with pytest.raises(KitIncomplete) as refused:
        rules.check_complete(rules.check_document(document))
    return refused.value.errors


def test_a_complete_kit_is_kept_with_every_field_present_and_in_the_order_of_leaving():
    kept = rules.check_document(
        document(
            touch(key="second", day_offset=3),
            touch(key="late", local_time="17:30"),
            touch(key="first"),
        )
    )
    rules.check_complete(kept)
    assert [one["key"] for one in kept["touches"]] == ["first", "late", "second"]
    assert kept["touches"][0]["attachment"] is None
    assert kept["touches"][0]["local_time"] == "09:00"


def test_checking_twice_changes_nothing():
    once = rules.check_document(document())
    assert rules.check_document(once) == once


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"key": "Not A Key"}, "touches.0.key"),
        ({"key": None}, "touches.0.key"),
        ({"channel": "pigeon"}, "touches.0.channel"),
        ({"template_version_id": 0}, "touches.0.template_version_id"),
        ({"template_version_id": True}, "touches.0.template_version_id"),
        ({"template_version_id": "1"}, "touches.0.template_version_id"),
        ({"day_offset": -1}, "touches.0.day_offset"),
        ({"day_offset": 366}, "touches.0.day_offset"),
        ({"local_time": "25:00"}, "touches.0.local_time"),
        ({"local_time": "9:00"}, "touches.0.local_time"),
        ({"link_url": "javascript:alert(1)"}, "touches.0.link_url"),
        ({"link_url": "{{contact.first_name}}"}, "touches.0.link_url"),
        ({"texts": []}, "touches.0.texts"),
        ({"texts": {"english": {}}}, "touches.0.texts.english"),
        ({"texts": {"en": {"subject": "a\nb"}}}, "touches.0.texts.en.subject"),
        ({"texts": {"en": {"subject": "x" * 151}}}, "touches.0.texts.en.subject"),
        ({"texts": {"en": {"body": 5}}}, "touches.0.texts.en.body"),
        ({"texts": {"en": {"body": "\x00"}}}, "touches.0.texts.en.body"),
        ({"attachment": {"template_version_id": 1, "mode": "fax"}}, "touches.0.attachment.mode"),
        ({"attachment": {"mode": "link"}}, "touches.0.attachment.template_version_id"),
        ({"colour": "red"}, "touches.0.colour"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(fields, place):
    assert place in problems_of(document(touch(**fields)))


@pytest.mark.parametrize("broken", [{"touches": {}}, {"touches": [touch()] * 21}, {"surprise": 1}, {"touches": ["x"]}])
def test_a_document_of_another_shape_is_refused(broken):
    assert problems_of({"default_locale": "en", **broken})


def test_two_touches_with_one_key_are_refused():
    assert "touches.1.key" in problems_of(document(touch(), touch()))


@pytest.mark.parametrize(
    "text",
    ["{{contact.password}}", "{{config}}", "{{ contact.first_name", "}}", "{{contact.first_name|safe}}", "{{{{x}}}}"],
)
def test_an_unknown_merge_token_is_refused_at_save_and_named(text):
    (sentences,) = problems_of(document(touch(texts={"en": {"subject": "Hi", "body": text}}))).values()
    assert "is not a merge token here" in sentences[0]


def test_each_channel_has_its_own_tokens():
    shared = touch(channel="share", texts={"en": {"message": "{{contact.first_name}}"}})
    assert "touches.0.texts.en.message" in problems_of(document(shared))
    rules.check_document(document(touch(channel="share", texts={"en": {"message": "{{link}} {{partner.city}}"}})))


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({"touches": []}, "touches"),
        ({"touches": [touch(day_offset=2)]}, "touches.0.day_offset"),
        ({"touches": [touch(template_version_id=None)]}, "touches.0.template_version_id"),
        ({"touches": [touch(texts={"de": {"subject": "Hallo", "body": "Tag"}})]}, "touches.0.texts"),
        ({"touches": [touch(texts={"en": {"subject": " ", "body": "x"}})]}, "touches.0.texts.en.subject"),
        ({"touches": [touch(link_url="{{attachment_url}}")]}, "touches.0.link_url"),
        ({"touches": [touch(channel="share", texts={"en": {}})]}, "touches.0.texts.en.message"),
    ],
)
def test_what_is_missing_keeps_a_draft_from_being_published(broken, place):
    assert place in lacks_of({"default_locale": "en", **broken})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=12,
)
almost_touches = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("key", "channel", "template_version_id", "day_offset", "local_time", "texts", "link_url", "attachment"),
        json_values,
    ),
)


@given(st.lists(almost_touches | json_values, max_size=3), json_values)
def test_any_json_is_kept_in_its_stored_form_or_refused_with_a_place(touches, default_locale):
    document = {"default_locale": default_locale, "touches": touches}
    try:
        kept = rules.check_document(document)
    except KitDocumentInvalid:
        assert problems_of(document)
        return
    assert rules.check_document(json.loads(json.dumps(kept))) == kept


@given(st.text(max_size=60), st.sampled_from(sorted(rules.PARTNER_TOKENS)), st.text(max_size=60))
def test_what_is_filled_in_is_never_read_as_a_token_again(before, token, value):
    filled = rules.fill(rules.inert(before) + "{{" + token + "}}", {token: value + "{{contact.email}}"})
    assert "{{" not in filled
    assert "}}" not in filled


def test_tokens_that_are_not_named_stay_for_later():
    text = "{{partner.city}} {{ contact.first_name }}"
    assert rules.fill(text, {"partner.city": "Kiel"}) == "Kiel {{ contact.first_name }}"


@pytest.mark.parametrize(
    ("wanted", "picked"),
    [("de", "de"), ("de-AT", "de"), ("de_DE", "de"), ("pt", "pt-BR"), ("pt_BR", "pt-BR"), ("fr", "en"), ("", "en")],
)
def test_the_closest_locale_is_picked(wanted, picked):
    assert rules.pick_locale(wanted, ["de", "pt-BR", "en"], "en") == picked


ALLOWED = {
    (KitVersionState.DRAFT, KitVersionState.PUBLISHED),
    (KitVersionState.PUBLISHED, KitVersionState.RETIRED),
    (KitVersionState.PUBLISHED, KitVersionState.WITHDRAWN),
    (KitVersionState.RETIRED, KitVersionState.WITHDRAWN),
}


@pytest.mark.parametrize("state", KitVersionState)
@pytest.mark.parametrize("target", KitVersionState)
def test_every_square_of_the_state_table(state, target):
    if (state, target) in ALLOWED:
        assert move(rules.MOVES, state, target) is target
    else:
        with pytest.raises(IllegalMove):
            move(rules.MOVES, state, target)


def test_every_channel_has_its_tokens_and_its_required_texts():
    assert set(rules.TOKENS) == set(rules.REQUIRED_SLOTS) == set(TouchChannel)


def test_the_documented_kit_is_complete():
    page = (Path(__file__).parents[3] / "docs/kit-document.md").read_text()
    example = json.loads(page.partition("```json")[2].partition("```")[0])
    rules.check_complete(rules.check_document(example))


@pytest.mark.parametrize(
    "body",
    [
        "https://collector.example/?f={{contact.first_name}}",
        "See www.collector.example/{{ contact.company }} now",
        "{{brand.web}}/{{contact.last_name}}",
        "collector.example/?{{contact.last_name}}",
    ],
)
def test_no_address_in_a_text_tells_who_reads(body):
    texts = {"en": {"subject": "Hello", "body": body}}
    (sentence,) = problems_of(document(touch(texts=texts)))["touches.0.texts.en.body"]
    assert "address" in sentence


def test_a_contact_may_be_greeted_beside_an_address():
    body = "Dear {{contact.first_name}}, {{contact.company}}/all: see https://a.example/ or {{partner.web}}"
    rules.check_document(document(touch(texts={"en": {"subject": "Hello", "body": body}})))
