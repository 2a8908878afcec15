"""(placeholder)"""

from cobranding.rendering.layout import Shown


def form_of(shown: Shown) -> bytes | None:
    return None
