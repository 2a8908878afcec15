"""The demo program: an invented brand with six partners, and the main job told once through the service's own API.

`load()` goes through the services like any other caller, and may be repeated; `story.run()` uses HTTP only, like a
script of somebody else. Imported by `tcma.cli` alone.
"""

from tcma.demo.loading import load

__all__ = ["load"]
