"""The verbs on launches, and what sending asks and reports."""

from campaigns.launches.model import Launch
from campaigns.launches.queries import TouchPlan, of_versions
from campaigns.launches.service.advancing import advance, owed
from campaigns.launches.service.approving import approve, reject
from campaigns.launches.service.calendar import Entry, entries, feed
from campaigns.launches.service.composing import compose
from campaigns.launches.service.drafts import LaunchPreview, PreviewDraft
from campaigns.launches.service.holding import held_senders, hold_sender, pause_sender, release_sender
from campaigns.launches.service.keeping import entered_before, keep, kept_draft
from campaigns.launches.service.launching import launch
from campaigns.launches.service.messages import mail_inputs, main_target, picture, profile_words, share_text, values_for
from campaigns.launches.service.planning import launches_for, opened_by
from campaigns.launches.service.previewing import preview, preview_of, reader_of
from campaigns.launches.service.recalling import sent_with
from campaigns.launches.service.reporting import (
    fanned_out_touches,
    latest,
    leave_to_people,
    may_send,
    one,
    open_shares,
    partner_of_touch,
    post_by_itself,
    posted_touches,
    touch_fanned_out,
    touch_finished,
    touch_plan,
    way_on,
)
from campaigns.launches.service.steering import cancel, confirm, pause, resume, stop_withdrawn, withdrawn_in_use

__all__ = [
    "Entry",
    "Launch",
    "LaunchPreview",
    "PreviewDraft",
    "TouchPlan",
    "advance",
    "approve",
    "cancel",
    "compose",
    "confirm",
    "entered_before",
    "entries",
    "fanned_out_touches",
    "feed",
    "held_senders",
    "hold_sender",
    "keep",
    "kept_draft",
    "latest",
    "launch",
    "launches_for",
    "leave_to_people",
    "mail_inputs",
    "main_target",
    "may_send",
    "of_versions",
    "one",
    "open_shares",
    "opened_by",
    "owed",
    "partner_of_touch",
    "pause",
    "pause_sender",
    "picture",
    "post_by_itself",
    "posted_touches",
    "preview",
    "preview_of",
    "profile_words",
    "reader_of",
    "reject",
    "release_sender",
    "resume",
    "sent_with",
    "share_text",
    "stop_withdrawn",
    "touch_fanned_out",
    "touch_finished",
    "touch_plan",
    "values_for",
    "way_on",
    "withdrawn_in_use",
]
