"""What a kit's document may contain, and what it must contain to be published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from campaigns.kits.errors import KitDocumentInvalid, KitIncomplete
from campaigns.kits.rules import reading as read
from campaigns.kits.rules.counting import Tracking, read_tracking, read_utm
from campaigns.kits.rules.goals import read_goals
from campaigns.kits.rules.states import POSTED, TouchChannel
from campaigns.kits.rules.timing import TIME, read_quiet_hours, read_weekdays
from campaigns.kits.rules.tokens import (
    CONTACT_TOKENS,
    LINK_TOKENS,
    PARTNER_TOKENS,
    TOKENS,
    told_in_addresses,
    unknown_tokens,
    without_tokens,
)
from campaigns.networks import rules as networks
from campaigns.networks.rules import Network

MAX_TOUCHES = 20
MAX_LOCALES = 30
MAX_TEXT_CHARS = 5000
MAX_SUBJECT_CHARS = 150  # longer subjects are cut by every large mailbox provider

REQUIRED_SLOTS: Final[Mapping[TouchChannel, frozenset[str]]] = {
    TouchChannel.EMAIL: frozenset({"subject", "body"}),
    **dict.fromkeys(POSTED, frozenset({"message"})),
}
ATTACHMENT_MODES: Final = frozenset({"attach", "link"})

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_FIELDS: Final = frozenset({"touches", "default_locale", "quiet_hours", "weekdays", "goals", "tracking", "utm"})


def check_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kit document in its stored form: touches in the order in which they leave, every field present.

    Drafts may be incomplete; what is there must be right. Raises KitDocumentInvalid with one entry per place.
    """
    problems: read.Problems = {}
    read.refuse_unknown(document, _FIELDS, "", problems)
    default_locale = read.locale(document.get("default_locale", "en"), "default_locale", problems)
    raw = document.get("touches", [])
    if not isinstance(raw, list) or len(raw) > MAX_TOUCHES:
        raise KitDocumentInvalid(errors={"touches": [f"Give a list of at most {MAX_TOUCHES} touches."]})
    touches = [_touch(touch, f"touches.{number}", problems) for number, touch in enumerate(raw)]
    quiet_hours = read_quiet_hours(document.get("quiet_hours"), problems)
    weekdays = read_weekdays(document.get("weekdays") or [], problems)
    goals = read_goals(document.get("goals") or {}, problems)
    tracking = read_tracking(document.get("tracking") or Tracking.ALL.value, problems)
    utm = read_utm(document.get("utm") or {}, problems)
    keys = [touch["key"] for touch in touches]
    for number, key in enumerate(keys):
        if key and key in keys[:number]:
            read.note(problems, f"touches.{number}.key", f"Two touches are called {key}.")
    if problems:
        raise KitDocumentInvalid(errors=problems)
    return {
        "default_locale": default_locale,
        "quiet_hours": quiet_hours,
        "weekdays": weekdays,
        "goals": goals,
        "tracking": tracking,
        "utm": utm,
        "touches": sorted(touches, key=lambda touch: (touch["day_offset"], touch["local_time"])),
    }


def check_complete(document: Mapping[str, Any]) -> None:
    """Check that a stored document has everything that a launch needs. Raises KitIncomplete."""
    problems: read.Problems = {}
    touches = document["touches"]
    if not touches:
        read.note(problems, "touches", "Add at least one touch.")
    elif touches[0]["day_offset"] != 0:
        read.note(
            problems, "touches.0.day_offset", "The first touch leaves on day 0: the day that the partner chooses."
        )
    for number, touch in enumerate(touches):
        _complete_touch(touch, document["default_locale"], f"touches.{number}", problems)
    if problems:
        raise KitIncomplete(errors=problems)


def _complete_touch(touch: Mapping[str, Any], default_locale: str, place: str, problems: read.Problems) -> None:
    channel = TouchChannel(touch["channel"])
    if channel is TouchChannel.EMAIL and touch["template_version_id"] is None:
        read.note(problems, f"{place}.template_version_id", "Choose the e-mail template.")
    if default_locale not in touch["texts"]:
        read.note(
            problems,
            f"{place}.texts",
            f"Write the texts in {default_locale}, the language that everybody falls back to.",
        )
    for locale, slots in touch["texts"].items():
        for slot in sorted(REQUIRED_SLOTS[channel]):
            if not slots.get(slot, "").strip():
                read.note(problems, f"{place}.texts.{locale}.{slot}", "This text is needed.")
        if channel.network is not None:
            _complete_post(channel.network, touch, slots, f"{place}.texts.{locale}", problems)
    if touch["link_url"] == "{{attachment_url}}" and touch["attachment"] is None:
        read.note(problems, f"{place}.link_url", "There is no attachment to link to.")


def _complete_post(
    network: Network, touch: Mapping[str, Any], slots: Mapping[str, str], place: str, problems: read.Problems
) -> None:
    """Note what no partner could post: a launch looks again, at what its own partner's words make of it."""
    if touch["template_version_id"] is not None and not slots.get("alt", "").strip():
        read.note(problems, f"{place}.alt", "Describe the picture for those who cannot see it.")
    fixed = without_tokens(slots.get("message", ""))
    if fixed.strip():
        for sentence in networks.text_problems(network, fixed):
            read.note(problems, f"{place}.message", f"{sentence} What is filled in comes on top of that.")


_TOUCH_FIELDS: Final = frozenset(
    {
        "attachment",
        "channel",
        "day_offset",
        "format",
        "key",
        "link_url",
        "local_time",
        "name",
        "template_version_id",
        "texts",
    }
)


def _touch(raw: object, place: str, problems: read.Problems) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        read.note(problems, place, "A touch is an object with key, channel, texts and timing.")
        raw = {}
    read.refuse_unknown(raw, _TOUCH_FIELDS, f"{place}.", problems)
    channel = read.one_of(raw.get("channel"), [channel.value for channel in TouchChannel], f"{place}.channel", problems)
    key = read.matching(
        raw.get("key"), _KEY, f"{place}.key", "Use a short name of small letters, digits and dashes.", problems
    )
    link_url = raw.get("link_url") or ""
    if link_url not in [f"{{{{{token}}}}}" for token in LINK_TOKENS]:
        link_url = link_url and read.url(link_url, f"{place}.link_url", problems)
    return {
        "key": key,
        "name": read.plain(raw.get("name") or "", f"{place}.name", 80, problems),
        "channel": channel,
        "template_version_id": read.row_id(raw.get("template_version_id"), f"{place}.template_version_id", problems),
        "format": read.plain(raw.get("format") or "", f"{place}.format", 60, problems),
        "day_offset": read.day(raw.get("day_offset", 0), f"{place}.day_offset", problems),
        "local_time": read.matching(
            raw.get("local_time", "09:00"), TIME, f"{place}.local_time", "Give a time such as 09:00.", problems
        ),
        "texts": _texts(raw.get("texts", {}), channel, f"{place}.texts", problems),
        "link_url": link_url,
        "attachment": _attachment(raw.get("attachment"), f"{place}.attachment", problems),
    }


def _texts(raw: object, channel: str, place: str, problems: read.Problems) -> dict[str, dict[str, str]]:
    if not isinstance(raw, Mapping) or len(raw) > MAX_LOCALES:
        read.note(problems, place, f"Give texts by locale, for at most {MAX_LOCALES} locales.")
        return {}
    allowed = TOKENS[TouchChannel(channel)] if channel else PARTNER_TOKENS | CONTACT_TOKENS
    texts: dict[str, dict[str, str]] = {}
    for tag, slots in raw.items():
        locale = read.locale(tag, f"{place}.{tag}", problems)
        if not isinstance(slots, Mapping) or len(slots) > MAX_TOUCHES:
            read.note(problems, f"{place}.{tag}", "Give texts by the name of their place, such as subject and body.")
            continue
        texts[locale] = {
            read.matching(slot, _KEY, f"{place}.{tag}.{slot}", "This is no name of a place.", problems): _slot(
                text, allowed, f"{place}.{tag}.{slot}", problems
            )
            for slot, text in slots.items()
        }
    return texts


def _slot(text: object, allowed: frozenset[str], place: str, problems: read.Problems) -> str:
    single_line = place.endswith((".subject", ".preheader", ".button"))
    text = read.plain(text, place, MAX_SUBJECT_CHARS if single_line else MAX_TEXT_CHARS, problems)
    if single_line and ("\n" in text or "\r" in text):
        read.note(problems, place, "This is one line.")
    for token in unknown_tokens(text, allowed):
        listed = ", ".join(f"{{{{{name}}}}}" for name in sorted(allowed))
        read.note(problems, place, f"{token} is not a merge token here. Possible: {listed}.")
    for token in told_in_addresses(text):
        read.note(problems, place, f"{token} must not be a part of an address: it would tell others who reads.")
    return text


def _attachment(raw: object, place: str, problems: read.Problems) -> dict[str, Any] | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        read.note(problems, place, "Give template_version_id, format and mode.")
        return None
    read.refuse_unknown(raw, {"template_version_id", "format", "mode"}, f"{place}.", problems)
    version = read.row_id(raw.get("template_version_id"), f"{place}.template_version_id", problems)
    if version is None:
        read.note(problems, f"{place}.template_version_id", "Choose the template of the attachment.")
    return {
        "template_version_id": version,
        "format": read.plain(raw.get("format") or "", f"{place}.format", 60, problems),
        "mode": read.one_of(raw.get("mode", "link"), sorted(ATTACHMENT_MODES), f"{place}.mode", problems),
    }
