"""What can go wrong with an upload, beside what `assets.imaging.errors` says about the file itself."""

from tcma.kernel.errors import Invalid


class NoFile(Invalid):
    """A form that came without its file."""

    code = "file_missing_in_form"
    message = "Choose a file."

    def __init__(self) -> None:
        """Put the sentence at the file field too, so that a form can show it there."""
        super().__init__(errors={"file": [self.message]})
