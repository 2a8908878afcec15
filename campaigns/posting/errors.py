"""Everything that can go wrong with a post."""

from __future__ import annotations

from tcma.kernel.errors import Conflict, Invalid, NotFound


class PostNotFound(NotFound):
    """Report a post that is not there, or not yours to see."""

    code = "post_not_found"
    message = "There is no such post, or it is not yours to see."


class PostDoesNotFit(Invalid):
    """Report what a network would not take."""

    code = "post_does_not_fit"
    message = "The network would not take this post as it is."


class PostAlreadyKnown(Conflict):
    """Report that there is nothing to settle."""

    code = "post_already_known"
    message = "It is known what became of this post."


class NoAccount(Conflict):
    """Report that no account is connected to post with."""

    code = "no_social_account"
    message = "No account is connected to post this with. Connect one first."
