"""The frame of the service: foundation below the rooms (kernel, infra, web, audit, accounts), roof above (app, worker, cli)."""
