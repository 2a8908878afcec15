"""What can go wrong with what comes back."""

from tcma.kernel.errors import NotFound


class NotOurReturnPath(NotFound):
    """Report an address that is no return path of ours."""

    code = "not_a_return_path"
    message = "This is not the return path of a mail of ours."
