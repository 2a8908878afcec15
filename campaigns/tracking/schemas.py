"""The shapes of results."""

from __future__ import annotations

from marshmallow import fields

from campaigns.audiences.schemas import ContactOut
from campaigns.tracking.service import Each
from tcma.web.fields import Input, Output


class TouchResultsOut(Output):
    """Show what came of one touch."""

    touch_id = fields.Integer()
    key = fields.String()
    channel = fields.String()
    state = fields.String()
    recipients = fields.Integer()
    sent = fields.Integer()
    failed = fields.Integer()
    bounced = fields.Integer()
    complained = fields.Integer()
    opened = fields.Integer(metadata={"description": "people, machines left out"})
    clicked = fields.Integer(metadata={"description": "people, machines left out"})
    unsubscribed = fields.Integer()
    scanned = fields.Integer(metadata={"description": "visits from printed codes and posts"})
    is_shared = fields.Boolean()
    posted = fields.Integer(metadata={"description": "accounts on which it was published"})
    states = fields.Dict(keys=fields.String(), values=fields.Integer())
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer())


class GoalOut(Output):
    """Show what was to be reached, and what was, in percent of the mails that left."""

    figure = fields.String()
    target_percent = fields.Float()
    reached_percent = fields.Float()
    is_reached = fields.Boolean()


class ResultsOut(Output):
    """Show what came of a launch; each sum is that of the touches."""

    launch_id = fields.Integer()
    name = fields.String()
    state = fields.String()
    recipients = fields.Integer()
    sent = fields.Integer()
    failed = fields.Integer()
    bounced = fields.Integer()
    complained = fields.Integer()
    opened = fields.Integer()
    clicked = fields.Integer()
    unsubscribed = fields.Integer()
    scanned = fields.Integer()
    shared = fields.Integer()
    posted = fields.Integer()
    states = fields.Dict(keys=fields.String(), values=fields.Integer())
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer())
    goals = fields.List(fields.Nested(GoalOut))
    touches = fields.List(fields.Nested(TouchResultsOut))


class DisclosureOut(Output):
    """Show everything that is kept about one contact."""

    contact = fields.Nested(ContactOut, required=True)
    consents = fields.List(fields.Dict(), required=True)
    deliveries = fields.List(fields.Dict(), required=True)
    events = fields.List(fields.Dict(), required=True)
    made_at = fields.AwareDateTime(required=True)


class SeriesQuery(Input):
    """Load how long each moment is."""

    each = fields.Enum(Each, by_value=True, load_default=Each.HOUR)


class MomentOut(Output):
    """Show what happened within an hour or a day."""

    at = fields.AwareDateTime()
    sent = fields.Integer()
    opened = fields.Integer(metadata={"description": "people, each counted once in each moment"})
    clicked = fields.Integer()
    unsubscribed = fields.Integer()


class SeriesOut(Output):
    """Show the moments in which something happened."""

    items = fields.List(fields.Nested(MomentOut), required=True)


class PartnerAdoptionOut(Output):
    """Show what one partner did with a kit."""

    partner_id = fields.Integer()
    name = fields.String()
    tier = fields.String()
    region = fields.String()
    seen_at = fields.AwareDateTime(allow_none=True)
    launched_at = fields.AwareDateTime(allow_none=True)
    launches = fields.Integer()
    finished = fields.Integer()
    sent = fields.Integer()
    opened = fields.Integer()
    clicked = fields.Integer()
    shared = fields.Integer()


class TouchAdoptionOut(Output):
    """Show what came of one touch of a kit."""

    key = fields.String()
    channel = fields.String()
    launches = fields.Integer()
    sent = fields.Integer()
    opened = fields.Integer()
    clicked = fields.Integer()
    unsubscribed = fields.Integer()
    shared = fields.Integer()


class AdoptionOut(Output):
    """Show how far a kit has come."""

    kit_id = fields.Integer()
    name = fields.String()
    seen = fields.Integer()
    launched = fields.Integer()
    finished = fields.Integer()
    partners = fields.List(fields.Nested(PartnerAdoptionOut))
    touches = fields.List(fields.Nested(TouchAdoptionOut))
