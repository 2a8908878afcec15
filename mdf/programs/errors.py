"""Everything that can go wrong with a program."""

from tcma.kernel.errors import Conflict, Invalid, NotFound


class ProgramNotFound(NotFound):
    """No such program."""

    code = "mdf_program_not_found"
    message = "There is no such program."


class VersionNotFound(NotFound):
    """No such version, or still a draft."""

    code = "mdf_program_version_not_found"
    message = "There is no such version of the program."


class NameTaken(Conflict):
    """Two programs with one name cannot be told apart."""

    code = "mdf_program_name_taken"
    message = "There is a program with this name already."


class NoVersionInForce(Conflict):
    """A program without a published version gives no money yet."""

    code = "mdf_program_not_in_force"
    message = "The program has no published rules that are in force on this day."


class DocumentInvalid(Invalid):
    """The rules cannot be read; `errors` says where."""

    code = "mdf_program_document_invalid"
    message = "The rules of the program cannot be read."


class PublishedForThePast(Invalid):
    """Rules never change what was decided under the ones before them."""

    code = "mdf_program_in_the_past"
    message = "Rules begin today or later."


class DateTooFar(Invalid):
    """A date with which nobody plans."""

    code = "mdf_date_too_far"
    message = "This date is too far away."
