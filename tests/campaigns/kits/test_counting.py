"""What web statistics are told of a visit, and documents that say what is counted."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.kits.errors import KitDocumentInvalid
from campaigns.kits.rules import Tracking, check_document, tracking_of, with_utm

VALUES = {"partner": "Nord & Süd", "kit": "Spring", "touch": "intro"}
UTM = {"source": "{{partner}}", "campaign": "{{kit}}-{{ touch }}"}


def test_parameters_are_added_and_what_is_there_stays():
    url = with_utm("https://x.example/a?b=1&utm_source=own#part", UTM, VALUES)
    assert url == "https://x.example/a?b=1&utm_source=own&utm_campaign=Spring-intro#part"
    assert dict(parse_qsl(urlsplit(with_utm("https://x.example", UTM, VALUES)).query))["utm_source"] == "Nord & Süd"
    assert with_utm("https://x.example/?q=%7Bx%7D", {}, VALUES) == "https://x.example/?q=%7Bx%7D"


@given(st.text(max_size=40))
def test_no_value_leads_anywhere_else(text):
    url = urlsplit(with_utm("https://x.example/p", {"source": "{{partner}}"}, {"partner": text}))
    assert (url.scheme, url.netloc, url.path, url.fragment) == ("https", "x.example", "/p", "")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"tracking": "some"}, "tracking"),
        ({"utm": {"shoe": "x"}}, "utm.shoe"),
        ({"utm": {"source": "{{contact.email}}"}}, "utm.source"),
        ({"utm": {"source": "x" * 101}}, "utm.source"),
        ({"utm": "source"}, "utm"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(fields, place):
    with pytest.raises(KitDocumentInvalid) as refusal:
        check_document({"touches": [], **fields})
    assert place in refusal.value.errors


def test_what_is_counted_is_kept_and_everything_is_unless_said_otherwise():
    assert tracking_of(check_document({"touches": [], "tracking": "clicks"})) is Tracking.CLICKS
    assert tracking_of(check_document({"touches": []})) is Tracking.ALL
    assert tracking_of({}) is Tracking.ALL
