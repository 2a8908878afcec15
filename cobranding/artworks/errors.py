"""What can go wrong with an artwork."""

from tcma.kernel.errors import Conflict, Forbidden, Invalid, NotFound


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


class NotApproved(Conflict):
    """The files of an artwork are asked for, and the brand has not approved it."""

    code = "artwork_not_approved"
    message = "The brand looks at this first. Submit the artwork; its files are given out once it is approved."


class WordsNotApproved(Invalid):
    """A campaign would use words that the brand has not approved."""

    code = "words_not_approved"
    message = "The brand looks at what is made of this template before it is used."


class NeedsNoApproval(Conflict):
    """An artwork is submitted that nobody has to look at."""

    code = "artwork_needs_no_approval"
    message = "This needs no approval: download its files when it is complete."


class PreviewOnly(Forbidden):
    """A file was asked for where there is only a picture to look at."""

    code = "preview_only"
    message = "This is a preview. Make an artwork of the template: its files come in every kind."


class ArtworkInReview(Conflict):
    """What is being looked at does not change under the reviewer's eyes."""

    code = "artwork_in_review"
    message = "The brand is looking at this artwork. Its words and pictures can be changed again after the decision."


class NowhereToMove(Conflict):
    """There is no other version that partners use now."""

    code = "artwork_nowhere_to_move"
    message = "This is made of the version that partners use now, or there is no other one."


class ArtworkChanged(Conflict):
    """The artwork is not what the reviewer looked at."""

    code = "artwork_changed"
    message = "The artwork was changed after you opened it. Look at it again before you decide."


class ArtworkIncomplete(Invalid):
    """Something is missing before the brand can look at it."""

    code = "artwork_incomplete"
    message = "Some values are still needed before this can be submitted."
