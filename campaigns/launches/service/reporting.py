"""What sending asks about a touch, and what it reports back."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.kits import service as kits
from campaigns.kits.rules import POSTED, TouchChannel, with_utm
from campaigns.launches import queries, rules
from campaigns.launches.model import Launch
from campaigns.launches.queries import TouchPlan
from campaigns.launches.rules import LaunchState, TouchState
from campaigns.launches.service.advancing import complete_if_done, tell_to_share
from campaigns.senders import service as senders
from tcma.accounts import service as accounts
from tcma.infra.db import session
from tcma.kernel import clock
from tcma.kernel.actor import Actor, authorize
from tcma.kernel.permissions import Permission
from tcma.kernel.states import IllegalMove, move


def partner_of_touch(actor: Actor, touch_id: int) -> int:
    """Return whose touch this is, so that a job can go on as that partner. Raises LaunchNotFound."""
    return queries.standing_of_touch(actor, touch_id)[0]


def touch_plan(actor: Actor, touch_id: int) -> TouchPlan:
    """Return everything that sending needs to know about one touch. Raises LaunchNotFound."""
    touch = queries.touch(actor, touch_id)
    launch = queries.one(actor, touch.launch_id)
    kit = kits.version(actor, launch.kit_version_id)
    partner = accounts.partner_profile(actor, launch.partner_id)
    return TouchPlan(
        touch_id=touch.id,
        launch_id=launch.id,
        partner_id=launch.partner_id,
        kit_id=kit.kit_id,
        kit_version_id=kit.id,
        kit_name=kit.name,
        launch_name=launch.name,
        launch_state=launch.state,
        touch_state=touch.state,
        kit_withdrawn=kit.withdrawn_at is not None,
        key=touch.key,
        channel=touch.channel,
        way=touch.way,
        position=touch.position,
        due_at=touch.due_at,
        template_version_id=touch.template_version_id,
        format_key=touch.document.get("format", ""),
        texts=touch.document["texts"],
        default_locale=kit.default_locale,
        link_url=touch.document["link_url"],
        hours=kit.hours,
        time_zone=launch.time_zone,
        tracking=kit.tracking,
        attachment=touch.document["attachment"],
        values=launch.values.get(touch.key, {}),
        sender=senders.from_line(
            actor, partner, sender_id=launch.sender_id, name=launch.sender_name, reply_to=launch.reply_to
        ),
        partner=partner,
        brand=accounts.brand_profile(),
    )


def way_on(actor: Actor, touch_id: int, url: str) -> str:
    """Return where a followed link of a touch leads: its target, with what the kit tells web statistics.

    Raises LaunchNotFound.
    """
    touch = queries.touch(actor, touch_id)
    launch = queries.one(actor, touch.launch_id)
    kit = kits.version(actor, launch.kit_version_id)
    if not kit.utm:
        return url
    partner = accounts.partner_profile(actor, launch.partner_id)
    values = {
        "partner": partner.trade_name or partner.legal_name,
        "kit": kit.name,
        "launch": launch.name,
        "touch": touch.key,
        "channel": touch.channel.value,
    }
    return with_utm(url, kit.utm, values)


def may_send(actor: Actor, touch_id: int) -> bool:
    """Tell whether deliveries of a touch may leave now: a short question at each hand-off. Raises LaunchNotFound."""
    _, launch_state, touch_state, kit_version_id = queries.standing_of_touch(actor, touch_id)
    return (
        launch_state is LaunchState.RUNNING
        and touch_state in {TouchState.DUE, TouchState.FANNED_OUT}
        and not kits.withdrawn_among([kit_version_id])
    )


def touch_fanned_out(actor: Actor, touch_id: int) -> None:
    """Note that one delivery row per recipient exists; done twice, it changes nothing.

    Raises LaunchNotFound, Forbidden, IllegalMove when the touch is not due.
    """
    touch = queries.touch(actor, touch_id)
    launch = queries.one_for_update(actor, touch.launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, launch)
    if touch.state in {TouchState.FANNED_OUT, TouchState.FINISHED}:
        return
    touch.state = move(rules.TOUCH_MOVES, touch.state, TouchState.FANNED_OUT)
    touch.fanned_out_at = clock.now()
    session.flush()


def touch_finished(actor: Actor, touch_id: int) -> None:
    """Note that nothing of a touch is left to do, and complete the launch if it was the last.

    For e-mail and posts: each row is final. For sharing by hand: the partner has shared. Done twice, it changes
    nothing. Raises LaunchNotFound, Forbidden, IllegalMove when the touch is not due.
    """
    touch = queries.touch(actor, touch_id)
    launch = queries.one_for_update(actor, touch.launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, launch)
    if touch.state in {TouchState.FINISHED, TouchState.CANCELLED}:
        return
    if touch.way is not TouchChannel.SHARE and touch.state is TouchState.DUE:
        touch_fanned_out(actor, touch_id)
    touch.state = move(rules.TOUCH_MOVES, touch.state, TouchState.FINISHED)
    touch.finished_at = clock.now()
    session.flush()
    complete_if_done(actor, launch)
    session.flush()


def one(actor: Actor, launch_id: int) -> Launch:
    """Return a launch with its touches, for the results. Raises LaunchNotFound."""
    return queries.one(actor, launch_id)


def fanned_out_touches(actor: Actor) -> list[int]:
    """Return the e-mail touches whose deliveries exist and are not all final: what sending's sweep looks through."""
    return queries.touches_in(actor, TouchState.FANNED_OUT, [TouchChannel.EMAIL])


def posted_touches(actor: Actor) -> list[int]:
    """Return the touches whose posts exist and are not all final: what posting's sweep looks through."""
    return queries.touches_in(actor, TouchState.FANNED_OUT, POSTED)


def leave_to_people(actor: Actor, touch_id: int) -> None:
    """Let a due post be shared by hand after all: its last account is gone. Raises LaunchNotFound, Forbidden."""
    touch = queries.touch(actor, touch_id)
    launch = queries.one_for_update(actor, touch.launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, launch)
    if touch.state is TouchState.DUE and not touch.by_hand:
        touch.by_hand = True
        session.flush()
        tell_to_share(actor, launch, touch)
        complete_if_done(actor, launch)


def post_by_itself(actor: Actor, touch_id: int) -> None:
    """Let a due touch that waited for a person be posted after all: an account is connected now.

    Raises LaunchNotFound, Forbidden, IllegalMove when it does not wait for a person.
    """
    touch = queries.touch(actor, touch_id)
    launch = queries.one_for_update(actor, touch.launch_id)
    authorize(actor, Permission.CAMPAIGNS_LAUNCH_CREATE, launch)
    if not touch.by_hand or touch.state is not TouchState.DUE:
        raise IllegalMove("This does not wait to be shared.")
    touch.by_hand = False
    session.flush()


def open_shares(actor: Actor) -> list[int]:
    """Return the touches that are still to be shared or posted, due or not: their links have to be written down."""
    return queries.open_shares(actor)


def latest(actor: Actor, *, limit: int = 20) -> Sequence[Launch]:
    """Return the newest launches that the actor may see."""
    return queries.page_of(actor, limit=limit).items
