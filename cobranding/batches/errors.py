"""What can go wrong with a batch."""

from tcma.kernel.errors import Conflict, Invalid, NotFound


class BatchNotFound(NotFound):
    """No such batch."""

    code = "batch_not_found"
    message = "There is no such batch, or it is not yours to see."


class NoPartners(Invalid):
    """Nobody is chosen."""

    code = "batch_without_partners"
    message = "No partner matches what you chose."


class BatchNotReady(Conflict):
    """The zip is packed when every partner is through."""

    code = "batch_not_ready"
    message = "The files are not packed yet. The zip is there when the batch is finished."


class BatchFilesGone(NotFound):
    """Files are kept for some days."""

    code = "batch_files_gone"
    message = "The files of this batch were deleted 7 days after it ended, or it was cancelled. Start it again."
