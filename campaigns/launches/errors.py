"""Everything that can go wrong with a launch."""

from __future__ import annotations

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class LaunchNotFound(NotFound):
    """Report a launch or touch that is not there, or not yours to see."""

    code = "launch_not_found"
    message = "There is no such launch, or it is not yours to see."


class NothingToLaunch(Invalid):
    """Report that every touch was left out."""

    code = "nothing_to_launch"
    message = "Nothing is left to launch: keep at least one touch."


class LaunchInvalid(Invalid):
    """Report what is wrong with a launch, field by field."""

    code = "launch_invalid"
    message = "Something needs to be corrected before this can be launched."


class SenderHeld(Conflict):
    """Report that a partner may send nothing until the brand releases it."""

    code = "sender_held"
    message = "Nothing leaves until the brand has looked at it."


class SenderNotHeld(NotFound):
    """Report that a partner is not held."""

    code = "sender_not_held"
    message = "This partner may send: nothing is held."


class ApprovalNotAsked(Conflict):
    """Report that nobody waits for the brand's word about a launch (any more)."""

    code = "approval_not_asked"
    message = "This launch does not wait for an approval: it was decided, or ended."


class OwnLaunch(Forbidden):
    """Report that somebody would approve what they launched for a partner themselves."""

    code = "own_launch"
    message = "You launched this for the partner yourself: somebody else has to approve it."


class KitNotLaunchable(Conflict):
    """Report that the brand no longer offers this version of a kit."""

    code = "kit_not_launchable"
    message = "The brand no longer offers this version of the kit. Look in the gallery for the present one."


class ProfileIncomplete(Invalid):
    """Report what the partner's profile lacks for mail to leave in its name."""

    code = "profile_incomplete"
    message = "Your organization's profile lacks something that every mail must carry."


class NotForPartners(Invalid):
    """Report that launches belong to partners, and that the actor is none."""

    code = "no_partner"
    message = "Launches belong to partners. Sign in as a partner to launch a kit, or name the partner it is for."
