"""Pages of finished PDFs inside other pages: as forms, so that nothing turns into pixels."""

import io

from pikepdf import Object, Pdf

from cobranding.rendering.inputs import Inputs
from cobranding.rendering.pdf.drafting import Draft


def put_finished(pdf: Pdf, made: Draft, inputs: Inputs) -> dict[str, Object]:
    return {}
