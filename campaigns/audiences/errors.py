"""Everything that can go wrong with contacts and suppressions."""

from __future__ import annotations

from tcma.kernel.errors import Conflict, Invalid, NotFound


class ContactNotFound(NotFound):
    """Report a contact that is not there, or not yours to see."""

    code = "contact_not_found"
    message = "There is no such contact, or it is not yours to see."


class ImportNotFound(NotFound):
    """Report an import that is not there, or not yours to see."""

    code = "import_not_found"
    message = "There is no such import, or it is not yours to see."


class SuppressionNotFound(NotFound):
    """Report a suppression that is not there, or not yours to lift."""

    code = "suppression_not_found"
    message = "There is no such suppression, or it is not yours to see."


class AddressInvalid(Invalid):
    """Report what is wrong with an e-mail address."""

    code = "address_invalid"
    message = "This is no e-mail address that mail could be sent to."


class FileUnreadable(Invalid):
    """Report why a file as a whole could not be read as a list of contacts."""

    code = "contact_file_unreadable"
    message = "The file could not be read as a list of contacts."


class SuppressionBinding(Conflict):
    """Report that a suppression is not the partner's to lift."""

    code = "suppression_binding"
    message = "This person asked not to be written to, or mail to them fails. Only entries made by hand can be removed."


class NoPartner(Invalid):
    """Report that contacts belong to partners, and that the actor is none."""

    code = "no_partner"
    message = "Contacts belong to partners. Sign in as a partner to work with them."
