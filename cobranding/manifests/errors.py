"""What can go wrong with manifests, keys and questions about files."""

from tcma.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class ManifestNotFound(NotFound):
    """No such manifest, or not one that this actor may see."""

    code = "manifest_not_found"
    message = "There is no such manifest, or it is not yours to see."


class KeyNotFound(NotFound):
    """No such key."""

    code = "signing_key_not_found"
    message = "There is no such signing key."


class KeyRevoked(Conflict):
    """A key is revoked once."""

    code = "signing_key_revoked"
    message = "This key was revoked already."


class RevokedTooLate(Invalid):
    """A key cannot be revoked from a time that has not come."""

    code = "signing_key_revoked_too_late"
    message = "Say since when the key may have been in wrong hands: a time in the past."


class TooManyQuestions(Unavailable):
    """Somebody asks more than a person would."""

    code = "too_many_questions"
    message = "Too many files were looked at from your network. Wait a few minutes and try again."


class VerifierBusy(Unavailable):
    """Others are being answered."""

    code = "verifier_busy"
    message = "Other files are being looked at right now. Try again in a moment."
