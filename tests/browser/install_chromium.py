"""Make sure that there is a Chromium for the browser tests; they are never skipped.

The system's is taken when there is one. Else root installs Debian's package, anybody else gets Playwright's own
download, and when neither can be had this says which command to run and fails.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium that can be started, or None."""
    for name in SYSTEM_NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Install Chromium when there is none. Returns the exit code."""
    if find_chromium():
        return 0
    sys.stderr.write("There is no Chromium for the browser tests; installing one …\n")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=False, env=environment, stdout=subprocess.DEVNULL)
    if not find_chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find_chromium():
        return 0
    sys.stderr.write(
        "The browser tests need Chromium, and it could not be installed. As root, run\n"
        "  apt-get update && apt-get install chromium\n"
        "or, as yourself,\n"
        f"  {sys.executable} -m playwright install --with-deps chromium\n"
        "and then `make test` again.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
