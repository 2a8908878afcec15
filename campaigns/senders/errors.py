"""What can go wrong with sending domains and senders."""

from tcma.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class DomainNotFound(NotFound):
    """No such domain, or not one that this actor may see."""

    code = "sending_domain_not_found"
    message = "There is no such sending domain, or it is not yours to see."


class SenderNotFound(NotFound):
    """No such sender, or not one that this actor may see."""

    code = "sender_not_found"
    message = "There is no such sender, or it is not yours to see."


class DomainInvalid(Invalid):
    """A name under which nobody can send, or that is not this organization's to claim."""

    code = "sending_domain_invalid"
    message = "Give the part of your e-mail address behind the @, such as example.com."


class DomainThereAlready(Conflict):
    """The organization has this domain already."""

    code = "sending_domain_there_already"
    message = "Your organization has this domain already."


class TooManyDomains(Conflict):
    """An organization has as many domains as it may."""

    code = "too_many_sending_domains"
    message = "Your organization has as many sending domains as it may. Remove one that is no longer used."


class TooManyChecks(Unavailable):
    """Somebody asks the DNS more often than it can change."""

    code = "too_many_checks"
    message = "This domain was checked several times just now. Changes in the DNS take some minutes: try again then."


class SenderInvalid(Invalid):
    """A name or an address that cannot stand in a From line."""

    code = "sender_invalid"
    message = "This cannot be used as a sender."


class SenderUnconfirmed(Conflict):
    """The person behind the address has not confirmed it yet."""

    code = "sender_unconfirmed"
    message = "This sender is not confirmed yet: enter the code that was sent to its address."


class TooManySenders(Conflict):
    """A partner has as many senders, or asked for as many codes, as it may."""

    code = "too_many_senders"
    message = "No more senders or codes for now. Remove a sender that is no longer used, or ask again tomorrow."


class CodeWrong(Invalid):
    """Not the code that was sent, or one that has expired."""

    code = "sender_code_wrong"
    message = "This is not the code that was sent last, or it is too old. Check the mail, or ask for a new code."
