"""Everything that can go wrong with a kit."""

from __future__ import annotations

from tcma.kernel.errors import Conflict, Invalid, NotFound


class KitNotFound(NotFound):
    """Report a kit or version that is not there, or not yours to see."""

    code = "kit_not_found"
    message = "There is no such kit, or it is not yours to see."


class KitNameTaken(Conflict):
    """Report that two kits would have one name."""

    code = "kit_name_taken"
    message = "Another kit has this name. Choose one that partners can tell apart."


class KitDocumentInvalid(Invalid):
    """Report what is wrong in a kit's document, place by place."""

    code = "kit_document_invalid"
    message = "The kit needs corrections before it can be saved."


class KitIncomplete(Invalid):
    """Report what a draft still lacks before it can be published."""

    code = "kit_incomplete"
    message = "The kit is not complete yet, so it cannot be published."


class KitVersionFrozen(Conflict):
    """Report an edit of a version that partners may already have launched."""

    code = "kit_version_frozen"
    message = "This version is published and does not change any more. Start a new version instead."


class DraftExists(Conflict):
    """Report that there is a draft already."""

    code = "kit_draft_exists"
    message = "This kit has a draft already. Finish that one first."
