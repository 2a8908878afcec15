"""Structured log lines: one JSON object a line, with request_id, actor_id and job where there is one."""

import logging
import sys
from typing import Any, cast

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

__all__ = ["bind_contextvars", "clear_contextvars", "configure", "get_logger"]

_SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "iban")


def configure(level: str) -> None:
    """Write everything from `level` up to standard error as JSON lines, the libraries' lines included."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; pass facts as keywords, never inside the sentence."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def _hide_secrets(_logger: Any, _method: str, event: Any) -> Any:
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "[hidden]"
    return event
