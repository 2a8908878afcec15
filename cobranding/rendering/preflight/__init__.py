"""The check before anything is produced: each finding says what, where, how bad, and what would pass.

`preflight` finds everything and takes its time; `check_ready` refuses, before a render, what it finds among the errors.
"""

from cobranding.rendering.preflight.checking import check_ready, preflight
from cobranding.rendering.preflight.findings import Code, Finding

__all__ = ["Code", "Finding", "check_ready", "preflight"]
