"""The verbs on deliveries: fan out, take turns, hand over, settle, sweep; links, shares; the proof that it adds up."""

from campaigns.sending.channels.addresses import Signed, read_return_path, return_path
from campaigns.sending.channels.addresses import read as read_token
from campaigns.sending.queries import Count
from campaigns.sending.rules import without_addresses
from campaigns.sending.service.checks import Finding, check, oldest_owed_since
from campaigns.sending.service.coming_back import arrived, bounced, complained, complaint_counts, partner_of
from campaigns.sending.service.compose import Draft, FileDraft, Written, draft, flyer_draft, picture_draft, write_file
from campaigns.sending.service.fan_out import begin_fan_out, fan_out
from campaigns.sending.service.finishing import finish_if_done
from campaigns.sending.service.guards import forget_mailed
from campaigns.sending.service.hand_over import hand_over, standing
from campaigns.sending.service.links import (
    link,
    main_target,
    printed_link,
    register_links,
    register_printed_links,
    registered_links,
    unregistered_shares,
)
from campaigns.sending.service.listing import DeliveryView, deliveries, deliveries_to, delivery_view
from campaigns.sending.service.reads import counts, delivery, sent_by, shares
from campaigns.sending.service.recalling import open_mails
from campaigns.sending.service.resolve import resolve
from campaigns.sending.service.resting import let_rest
from campaigns.sending.service.retrying import retry_failed
from campaigns.sending.service.settle import settle
from campaigns.sending.service.sharing import ShareKit, mark_shared, share_draft, share_kit
from campaigns.sending.service.sweep import look_after, owing, take_back, unfinished
from campaigns.sending.service.to_oneself import MailToOneself, mail_to_oneself
from campaigns.sending.service.turns import ask_for_turn, begin_turn, end_turn, end_unbuilt_turn
from campaigns.sending.service.viewing import page, page_draft

__all__ = [
    "Count",
    "DeliveryView",
    "Draft",
    "FileDraft",
    "Finding",
    "MailToOneself",
    "ShareKit",
    "Signed",
    "Written",
    "arrived",
    "ask_for_turn",
    "begin_fan_out",
    "begin_turn",
    "bounced",
    "check",
    "complained",
    "complaint_counts",
    "counts",
    "deliveries",
    "deliveries_to",
    "delivery",
    "delivery_view",
    "draft",
    "end_turn",
    "end_unbuilt_turn",
    "fan_out",
    "finish_if_done",
    "flyer_draft",
    "forget_mailed",
    "hand_over",
    "let_rest",
    "link",
    "look_after",
    "mail_to_oneself",
    "main_target",
    "mark_shared",
    "oldest_owed_since",
    "open_mails",
    "owing",
    "page",
    "page_draft",
    "partner_of",
    "picture_draft",
    "printed_link",
    "read_return_path",
    "read_token",
    "register_links",
    "register_printed_links",
    "registered_links",
    "resolve",
    "retry_failed",
    "return_path",
    "sent_by",
    "settle",
    "share_draft",
    "share_kit",
    "shares",
    "standing",
    "take_back",
    "unfinished",
    "unregistered_shares",
    "without_addresses",
    "write_file",
]
