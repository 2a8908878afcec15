"""What each network takes, counted as the network counts it."""

import pytest

from campaigns.networks.rules import LIMITS, MOVES, USABLE, AccountState, Network, Picture, length, problems, shown

LINK = "https://portal.brand.example/t/c/" + "x" * 80


def picture(**fields) -> Picture:
    usual = {
        "filename": "p.png",
        "media_type": "image/png",
        "data": b"x",
        "width": 1200,
        "height": 900,
        "alt": "A boat",
    }
    return Picture(**{**usual, **fields})


@pytest.mark.parametrize("network", list(Network))
def test_a_short_text_with_a_described_picture_is_fine_everywhere(network) -> None:
    assert problems(network, f"News from Nordwind\n\n{LINK}", picture()) == []


@pytest.mark.parametrize(
    ("network", "text", "counted"),
    [
        (Network.MASTODON, f"News {LINK}", 28),
        (Network.MASTODON, "👩‍👩‍👧", 5),
        (Network.BLUESKY, "👩‍👩‍👧 Café", 6),
        (Network.BLUESKY, f"News {LINK}", 30),
        (Network.X, f"News {LINK}", 28),
        (Network.X, f"See {LINK}.", 28),
        (Network.X, "日本語", 6),
        (Network.X, "👩‍👩‍👧", 2),
        (Network.X, "🇩🇪!", 3),
        (Network.X, "“Grüße” – 50 % …", 17),
        (Network.X, "Cafe\u0301", 4),
        (Network.LINKEDIN, "👍", 1),
    ],
)
def test_a_text_is_counted_as_its_network_counts(network, text, counted) -> None:
    assert length(text, LIMITS[network]) == counted


def test_the_last_character_that_fits_fits_and_the_next_one_is_told_with_both_numbers() -> None:
    assert problems(Network.BLUESKY, "é" * 300, None) == []
    assert problems(Network.BLUESKY, "é" * 301, None) == ["Bluesky takes 300 characters, and this has 301."]
    assert problems(Network.X, "語" * 140, None) == []
    assert problems(Network.X, "語" * 141, None) == ["X takes 280 characters, and this has 282."]


def test_bluesky_counts_bytes_too() -> None:
    family = "👨‍👩‍👧‍👦"
    assert problems(Network.BLUESKY, family * 130, None) == ["Bluesky takes 3000 bytes of text, and this has 3250."]


@pytest.mark.parametrize(
    ("network", "seen"),
    [
        (Network.MASTODON, "See portal.brand.example/t/c/xxxx…!"),
        (Network.BLUESKY, "See portal.brand.example/t/c…!"),
        (Network.LINKEDIN, f"See {LINK}!"),
    ],
)
def test_a_preview_shows_links_as_readers_see_them(network, seen) -> None:
    assert shown(f"See {LINK}!", LIMITS[network]) == seen


def test_a_post_without_words_is_none() -> None:
    assert problems(Network.FACEBOOK, " \n", None) == ["A post on Facebook needs words."]


@pytest.mark.parametrize(
    ("network", "fields", "sentence"),
    [
        (Network.BLUESKY, {"data": b"x" * 1_400_000}, "at most 1 MB, and this one has 1.4 MB"),
        (Network.LINKEDIN, {"media_type": "image/webp"}, "takes pictures as GIF, JPEG, PNG"),
        (Network.MASTODON, {"alt": " "}, "Describe the picture"),
        (Network.X, {"alt": "a" * 1001}, "1000 characters, and this one has 1001"),
        (Network.X, {"width": 4000, "height": 100}, "is cut off on X"),
        (Network.LINKEDIN, {"width": 8000, "height": 8000}, "8000 × 8000 pixels"),
    ],
)
def test_a_picture_that_does_not_fit_is_told_with_what_would(network, fields, sentence) -> None:
    (found,) = problems(network, "News", picture(**fields))
    assert sentence in found


def test_every_state_of_an_account_can_be_left_by_disconnecting_and_come_back_from_by_connecting() -> None:
    assert set(MOVES) == set(AccountState)
    for state in set(AccountState) - {AccountState.DISCONNECTED}:
        assert AccountState.DISCONNECTED in MOVES[state]
    for state in set(AccountState) - {AccountState.CONNECTED}:
        assert AccountState.CONNECTED in MOVES[state]
    assert AccountState.EXPIRED not in USABLE
