"""What each thread keeps open: connections are made once and used for many mails."""

from __future__ import annotations

import os
import threading

from tcma.infra.mail.connection import SmtpConnection
from tcma.infra.mail.lanes import Lanes
from tcma.infra.mail.ses import SesConnection


class _Kept(threading.local):
    lanes: dict[tuple[int, str], Lanes | SesConnection]
    connections: dict[tuple[int, str], SmtpConnection | SesConnection]

    def __init__(self) -> None:
        self.lanes = {}
        self.connections = {}


_kept = _Kept()


def lanes(url: str) -> Lanes | SesConnection:
    """Give this thread's way to hand many mails to a server; a forked process starts with none of its parent's."""
    key = (os.getpid(), url)
    if key not in _kept.lanes:
        _kept.lanes[key] = SesConnection(url) if url.startswith("ses:") else Lanes(url)
    return _kept.lanes[key]


def connection(url: str) -> SmtpConnection | SesConnection:
    """Give this thread's way to hand single mails to a server."""
    key = (os.getpid(), url)
    if key not in _kept.connections:
        _kept.connections[key] = SesConnection(url) if url.startswith("ses:") else SmtpConnection(url)
    return _kept.connections[key]


def let_go() -> None:
    """Close what this thread has kept open; a thread that ends does it first."""
    while _kept.lanes:
        _kept.lanes.popitem()[1].close()
    while _kept.connections:
        _kept.connections.popitem()[1].close()
