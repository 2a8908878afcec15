"""The verbs on posts: fan out, compose, claim, hand over, settle, look for, sweep; and what people say about them."""

from campaigns.posting.service.checks import check
from campaigns.posting.service.claiming import claim, give_up, hold_back
from campaigns.posting.service.composing import PostDraft, gather
from campaigns.posting.service.fan_out import fan_out, post_now
from campaigns.posting.service.handing import hand_over
from campaigns.posting.service.listing import PostView, post, post_view, posts, posts_of_launch
from campaigns.posting.service.looking import begin_look, end_look
from campaigns.posting.service.recalling import open_posts
from campaigns.posting.service.resolving import post_again, resolve
from campaigns.posting.service.settling import finish_if_done, settle
from campaigns.posting.service.sweeping import ask_for_due, oldest_due_since, take_back, to_look_for, unfinished

__all__ = [
    "PostDraft",
    "PostView",
    "ask_for_due",
    "begin_look",
    "check",
    "claim",
    "end_look",
    "fan_out",
    "finish_if_done",
    "gather",
    "give_up",
    "hand_over",
    "hold_back",
    "oldest_due_since",
    "open_posts",
    "post",
    "post_again",
    "post_now",
    "post_view",
    "posts",
    "posts_of_launch",
    "resolve",
    "settle",
    "take_back",
    "to_look_for",
    "unfinished",
]
