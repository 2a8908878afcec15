"""What a launch needs to know before it is one: times, sender, and values that its templates open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from campaigns.audiences import rules as audience_rules
from campaigns.audiences.errors import AddressInvalid
from campaigns.kits.service import KitVersionView
from campaigns.launches import rules
from campaigns.launches.errors import LaunchInvalid, NotForPartners, ProfileIncomplete
from campaigns.launches.rules import PlannedTouch
from campaigns.launches.service import messages
from tcma.accounts.service import PartnerProfile
from tcma.kernel import clock
from tcma.kernel.actor import Actor
from tcma.kernel.errors import Forbidden
from tcma.kernel.permissions import Permission


def launches_for(actor: Actor, partner_id: int | None) -> int:
    """Return for whom an actor launches: a partner for itself, the brand for whom it names.

    Raises NotForPartners, Forbidden.
    """
    if actor.partner_id is not None:
        if partner_id not in {None, actor.partner_id}:
            raise Forbidden("You launch for your own organization only.")
        return actor.partner_id
    if partner_id is None:
        raise NotForPartners
    return partner_id


def permission_to_launch(actor: Actor) -> Permission:
    """Return what it takes to launch: one thing for a partner itself, another for the brand in its place."""
    return Permission.CAMPAIGNS_LAUNCH_CREATE if actor.is_partner else Permission.CAMPAIGNS_LAUNCH_ON_BEHALF


def checked_plan(
    actor: Actor,
    partner: PartnerProfile,
    kit: KitVersionView,
    *,
    starts_at_local: datetime | None,
    leave_out: Iterable[str],
    values: Mapping[str, Any],
) -> list[PlannedTouch]:
    """Return what would leave when, with values that fit. Raises LaunchInvalid, NothingToLaunch."""
    now = clock.now()
    if starts_at_local is None:
        now_local = rules.wall_time(now, partner.time_zone)
        planned = rules.plan_now(kit.touches, now_local=now_local, leave_out=leave_out, hours=kit.hours)
    else:
        rules.check_start(starts_at_local, now=now, zone_name=partner.time_zone)
        planned = rules.plan(kit.touches, starts_at_local=starts_at_local, leave_out=leave_out, hours=kit.hours)
    rules.check_values(values, [one.touch for one in planned])
    problems: dict[str, list[str]] = {}
    for one in planned:
        opened = opened_by(actor, one.touch)
        for name in values.get(one.touch["key"], {}):
            # A dotted name opens a style or a position; the template itself knows which.
            if name not in opened and "." not in name:
                problems[f"values.{one.touch['key']}.{name}"] = ["This is not open in this touch."]
    if problems:
        raise LaunchInvalid(errors=problems)
    return planned


def opened_by(actor: Actor, touch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that a partner may fill in a touch: those of its mail or picture and of its attachment."""
    versions = [touch["template_version_id"], (touch["attachment"] or {}).get("template_version_id")]
    opened: dict[str, Any] = {}
    for version_id in versions:
        if version_id is not None:
            opened |= messages.open_variables(actor, version_id)
    return opened


def reply_address(partner: PartnerProfile, given: str) -> str:
    """Return where answers go: what was given, else the profile's address. Raises LaunchInvalid, ProfileIncomplete."""
    if not given.strip() and not partner.email:
        raise ProfileIncomplete("Give your organization's e-mail address in the profile: answers go there.")
    try:
        return audience_rules.read_address(given or partner.email).email
    except AddressInvalid as problem:
        raise LaunchInvalid(problem.detail, errors={"reply_to": [problem.detail]}) from problem
