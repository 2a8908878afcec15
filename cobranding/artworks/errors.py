"""What can go wrong with an artwork."""

from tcma.kernel.errors import Invalid, NotFound


class ArtworkNotFound(NotFound):
    """No such artwork, or not one that this actor may see."""

    code = "artwork_not_found"
    message = "There is no such artwork, or it is not yours to see."


class NotAnArtwork(Invalid):
    """The template makes no file."""

    code = "template_makes_no_file"
    message = "This template is an e-mail: it is sent with a campaign, and makes no file."


class NotAnEmail(Invalid):
    """The template makes no e-mail."""

    code = "template_makes_no_email"
    message = "This template makes files, not an e-mail."


class NeedsPartner(Invalid):
    """Nobody's mark to put on."""

    code = "artwork_needs_partner"
    message = "An artwork belongs to a partner. Say which one."


class PictureNotYours(Invalid):
    """A value names a picture that is not there for this partner."""

    code = "picture_not_yours"
    message = "There is no such picture among your files or the brand's."
