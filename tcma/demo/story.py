"""The main job, told once through the HTTP API, like a script of somebody else would do it."""


def run(base_url: str, password: str) -> list[str]:
    """Run the main job and say what was done."""
    _ = (base_url, password)
    return []
