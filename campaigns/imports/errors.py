"""What can go wrong with a list of contacts."""

from tcma.kernel.errors import Conflict, Invalid, NotFound


class ListNotFound(NotFound):
    """Report a list that is not there, or not yours."""

    code = "contact_list_not_found"
    message = "There is no such list, or it is not yours to see."


class ListUnreadable(Invalid):
    """Report a file that is no list of contacts."""

    code = "contact_list_unreadable"
    message = "This file cannot be read as a list of contacts."


class ColumnsInvalid(Invalid):
    """Report columns whose meaning does not fit together."""

    code = "contact_list_columns_invalid"
    message = "Say which column holds the e-mail address, and give no two columns the same meaning."


class ListStarted(Conflict):
    """Report that a list is being taken over already, or has ended."""

    code = "contact_list_started"
    message = "This list is being taken over already, or has ended."
