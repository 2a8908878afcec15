"""Everything that can go wrong with people and organizations."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, Unavailable


class WrongCredentials(Invalid):
    """Report a sign-in that did not work; the same sentence for an unknown address and a wrong password."""

    code = "wrong_credentials"
    message = "This address and password do not go together."


class TooManyTries(Unavailable):
    """Report that somebody tried too often."""

    code = "too_many_tries"
    message = "Too many tries. Wait a few minutes and try again, or reset the password."


class TooManyInvitations(Conflict):
    """Report that an organization has added as many people today as it may."""

    code = "too_many_invitations"
    message = "Your organization has added as many people today as it may. Go on tomorrow."


class LinkExpired(Invalid):
    """Report a single-use link that was used before, is too old, or was never ours."""

    code = "link_expired"
    message = "This link was used already, or it is too old. Ask for a new one."


class AddressTaken(Conflict):
    """Report that a person with this address is here already."""

    code = "address_taken"
    message = "Somebody with this e-mail address is here already."


class RoleNotYours(Forbidden):
    """Report the attempt to give somebody a role that the giver may not give."""

    code = "role_not_yours_to_give"
    message = "You can give people only roles in your own organization, and only an admin makes another admin."


class WeakPassword(Invalid):
    """Report a password that is easily guessed."""

    code = "weak_password"
    message = "Use at least 12 characters, and not only one of them repeated."


class BadProfile(Invalid):
    """Report a profile that cannot be kept."""

    code = "bad_profile"
