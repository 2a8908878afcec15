"""The frame of the service: the foundation below the rooms (kernel, infra, web, accounts), roof above (app, cli)."""
