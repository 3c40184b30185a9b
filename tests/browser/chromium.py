"""Find a Chromium for the browser tests, and install one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The shell has no window around the page, which costs a third of the time when all is drawn by the processor.
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)

# The 3D bowl needs WebGL, here drawn by the processor; and the browser itself must not talk to anybody.
ARGUMENTS = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Without a graphics card, a processor paints four times as fast by itself as it does in place of one.
    "--disable-gpu-rasterization",
    # And it puts the layers of a page together at a quarter of the cost.
    "--disable-gpu-compositing",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def find_chromium() -> Path | None:
    """Give the system's Chromium or Chrome, else Playwright's own, else None."""
    for command in COMMANDS:
        if found := shutil.which(command):
            return Path(found)
    for application in APPLICATIONS:
        if application.exists():
            return application
    if not driver_runs():
        return None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def driver_runs() -> bool:
    """Say whether Playwright's own Node.js runs: a small Debian lacks a library that it needs."""
    version = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(version, capture_output=True, check=False).returncode == 0


def install() -> None:
    """Install Debian's Chromium where there is apt-get and the right to use it, else Playwright's."""
    if shutil.which("apt-get") and (os.geteuid() == 0 or shutil.which("sudo")):
        root = [] if os.geteuid() == 0 else ["sudo"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["install", "-y", "--no-install-recommends", "libatomic1"]
        for command in (["update"], [*install, "chromium-headless-shell"], [*install, "chromium"]):
            if command == ["update"] or not ready():
                subprocess.run([*root, "apt-get", "-qq", *command], env=environment, check=False)
    if driver_runs() and find_chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def ready() -> bool:
    """Say whether browser tests can run."""
    return driver_runs() and find_chromium() is not None


def main() -> int:
    """Make sure that there is a Chromium; the exit code tells."""
    if not ready():
        install()
    if not ready():
        sys.stderr.write(
            "The browser tests need Chromium or Chrome, and it could not be installed: install it yourself "
            "(Debian: apt-get install chromium libatomic1; macOS: .venv/bin/playwright install chromium).\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
