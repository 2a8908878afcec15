"""What can go wrong with an upload, beside what `assets.imaging.errors` says about the file itself."""

from tcma.kernel.errors import Invalid


class KindNotUploaded(Invalid):
    """A kind of file that is not taken through uploads."""

    code = "kind_not_uploaded"
    message = "Files of this kind cannot be uploaded."
