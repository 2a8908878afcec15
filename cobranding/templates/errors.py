"""What can go wrong with a template."""

from tcma.kernel.errors import Conflict, Gone, Invalid, NotFound


class TemplateNotFound(NotFound):
    """No such template or version, or not one that this actor may see."""

    code = "template_not_found"
    message = "There is no such template, or it is not yours to see."


class NothingBefore(NotFound):
    """The first version has none before it."""

    code = "template_nothing_before"
    message = "This is the first version that you may see: there is none to compare it with."


class TemplateNameTaken(Conflict):
    """Two templates of one name would be mixed up."""

    code = "template_name_taken"
    message = "There is a template of this name already."


class TemplateVersionFrozen(Conflict):
    """What was published does not change."""

    code = "template_version_frozen"
    message = "This version was published and never changes. Start a new version to change the template."


class DraftExists(Conflict):
    """One template has one draft."""

    code = "template_draft_exists"
    message = "There is a draft of this template already. Publish it, or change it."


class TemplateWithdrawn(Conflict):
    """What was withdrawn is neither produced nor sent any more."""

    code = "template_withdrawn"
    message = "The brand has withdrawn this template. Choose another one, or its newest version."


class TemplateGone(Gone):
    """A file of a withdrawn version is asked for: the same news, said of something that was there."""

    code = "template_withdrawn"
    message = "The brand has withdrawn this version of the template. It is not given out any more."


class NoSuccessor(Invalid):
    """What shall stand in the place of a withdrawn version is not fit for it."""

    code = "no_successor"
    message = "Choose another version of the same template that is published and not withdrawn."


class TemplateNotPublished(Conflict):
    """A draft is not for use."""

    code = "template_not_published"
    message = "This version is not published yet."
