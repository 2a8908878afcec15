"""PostgreSQL and Valkey from wheels, started as ordinary processes beside the program.

Words: an *engine* is one of the two servers; its *folder* is the directory it keeps everything in (data, socket, log,
password); a *throwaway* engine is one whose data may be lost at any moment, which is what tests want. As root the
engines run as a system user of their own. Anyone above `tcma.infra` may import this package.
"""

from tcma.infra.embedded.errors import EngineBusy, EngineFailed, EnginePlace
from tcma.infra.embedded.postgres import EmbeddedPostgres, start_postgres, start_throwaway_postgres
from tcma.infra.embedded.valkey import EmbeddedValkey, start_valkey

__all__ = [
    "EmbeddedPostgres",
    "EmbeddedValkey",
    "EngineBusy",
    "EngineFailed",
    "EnginePlace",
    "start_postgres",
    "start_throwaway_postgres",
    "start_valkey",
]
