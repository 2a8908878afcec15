"""Everything that can go wrong between a partner, its accounts and the networks."""

from __future__ import annotations

from tcma.kernel.errors import Conflict, Gone, Invalid, NotFound, Unavailable


class AccountNotFound(NotFound):
    """Report an account that is not there, or not yours to see."""

    code = "social_account_not_found"
    message = "There is no such account, or it is not yours to see."


class AccountsArePartners(Invalid):
    """Report that accounts are connected by partners, and that the actor is none."""

    code = "social_accounts_are_partners"
    message = "Accounts at social networks belong to partners. Sign in as a partner to connect one."


class NetworkNotOffered(Invalid):
    """Report a network for which the operator has not registered the service."""

    code = "network_not_offered"
    message = "This network is not set up here yet. Whoever runs the service has to register it there first."


class ServerNeeded(Invalid):
    """Report an address of a server that is missing, or is none."""

    code = "server_needed"
    message = "Give the address of your server, such as mastodon.social."


class TooManyAccounts(Conflict):
    """Report that a partner has as many accounts as it may have."""

    code = "too_many_social_accounts"
    message = "You have as many accounts as anybody may connect. Disconnect one first."


class TooManyConnections(Unavailable):
    """Report that a partner has begun to connect more often than anybody needs to."""

    code = "too_many_connections"
    message = "You have tried this many times in a row. Wait ten minutes and try again."


class HandshakeNotFound(NotFound):
    """Report a sign-in that is not there, or not yours."""

    code = "handshake_not_found"
    message = "There is nothing to choose from here. Begin again."


class HandshakeGone(Gone):
    """Report an answer of a network that comes too late, a second time, or for somebody else."""

    code = "handshake_gone"
    message = "This sign-in at the network is over: it took more than ten minutes, or was used already. Begin again."


class ConsentRefused(Conflict):
    """Report that the person did not let the service in."""

    code = "consent_refused"
    message = "The network says that you did not allow this. Nothing was connected."


class NothingToChoose(Invalid):
    """Report that a grant opens no page or organization, or not the one that was chosen."""

    code = "nothing_to_choose"
    message = "There is no page here that you may post for. Ask for a role on the page at the network, and try again."


class BeingRefreshed(Unavailable):
    """Report that somebody else is renewing the tokens of an account in this moment."""

    code = "account_being_refreshed"
    message = "This account is being renewed in this moment. Try again in a minute."


class AccountUnusable(Conflict):
    """Report an account in whose name nothing can leave."""

    code = "social_account_unusable"
    message = "This account is not connected any more. Connect it again."


class AccessLost(Conflict):
    """Report that a network does not accept our token any more: only a person can help."""

    code = "network_access_lost"
    message = "The network does not let us in for this account any more. Connect it again."


class NetworkRefused(Invalid):
    """Report that a network does not take something, in its own words."""

    code = "network_refused"
    message = "The network does not take this."

    def __init__(self, message: str = "", *, word: str = "") -> None:
        super().__init__(message)
        self.word = word  # the network's own word for programs


class NetworkUnavailable(Unavailable):
    """Report that a network does not answer, or not as it should; nothing was published."""

    code = "network_unavailable"
    message = "The network is not answering as it should. Nothing was published."


class Throttled(NetworkUnavailable):
    """Report that a network wants to be asked later; nothing was published."""

    code = "network_throttled"
    message = "The network wants to be asked later. Nothing was published."

    def __init__(self, wait_s: float) -> None:
        super().__init__()
        self.wait_s = wait_s


class Unconfirmed(Unavailable):
    """Report a post that left and was not answered for: it may be public, or not."""

    code = "post_unconfirmed"
    message = "The network did not say what became of this post. It is looked for there, and not posted again."
