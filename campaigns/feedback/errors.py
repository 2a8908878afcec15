"""What can go wrong with what comes back."""

from tcma.kernel.errors import Forbidden, NotFound


class NotOurReturnPath(NotFound):
    """Report an address that is no return path of ours."""

    code = "not_a_return_path"
    message = "This is not the return path of a mail of ours."


class NoticeNotBelieved(Forbidden):
    """Report a notice that is not Amazon's, or of a topic that nobody here follows."""

    code = "notice_not_believed"
    message = "This notice is not signed by Amazon, or its topic is not among those that this service follows."
