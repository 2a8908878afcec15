"""What can go wrong with an upload, beside what `assets.imaging.errors` says about the file itself."""

from tcma.kernel.errors import Invalid


class NoFile(Invalid):
    """A form without its file."""

    code = "file_missing_in_form"
    message = "No file was sent."

    def __init__(self) -> None:
        """Put the sentence at the file field."""
        super().__init__(errors={"file": ["Choose a file."]})


class KindNotUploaded(Invalid):
    """A kind of file that is not taken through uploads."""

    code = "kind_not_uploaded"
    message = "Files of this kind cannot be uploaded."
