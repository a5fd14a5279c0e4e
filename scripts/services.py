"""Find Chromium, a Chinese font, PostgreSQL and Mosquitto for the tests; as root, install them.

Run by `make test` before the first test. Ends with one line on what is missing when it cannot help.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
# Debian asks this program whether a package may start its service; 101 means that it may not.
POLICY = Path("/usr/sbin/policy-rc.d")
NO_SERVICE = "#!/bin/sh\nexit 101\n"
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"  # not on everybody's path


class ServiceError(Exception):
    """Say in one line what is missing and how to get it."""


@dataclass(frozen=True)
class Service:
    """Something that the tests need from the machine.

    `units` are services of the system that its packages switch on; the tests start their own.
    """

    name: str
    packages: tuple[str, ...]
    is_there: Callable[[], bool]
    otherwise: str
    units: tuple[str, ...] = ()


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome on this machine, or None."""
    named = os.environ.get("ANLAN_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)


def postgres_folder() -> Path | None:
    """Return the newest folder with both `initdb` and `postgres`, or None."""
    folders = [found for pattern in POSTGRES_FOLDERS for found in Path("/").glob(pattern[1:])]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if holds_a_server(folder)]
    return max(complete, key=_version, default=None)


def holds_a_server(folder: Path) -> bool:
    """Tell whether a server can be made and started from this folder."""
    return (folder / "initdb").exists() and (folder / "postgres").exists()


def _version(folder: Path) -> tuple[int, ...]:
    """Return the digits of the path as numbers, so that 15 stands after 9."""
    words = "".join(char if char.isdigit() else " " for char in str(folder)).split()
    return tuple(int(word) for word in words)


def mosquitto() -> str | None:
    """Return the path of the Mosquitto broker, or None."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=SYSTEM_FOLDERS)


def has_mosquitto() -> bool:
    """Tell whether a broker can be started."""
    return mosquitto() is not None


def has_chinese_font() -> bool:
    """Tell whether a page in Chinese would show its glyphs; True where nobody can say."""
    if not shutil.which("fc-list"):
        return not sys.platform.startswith("linux")
    done = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def has_chromium() -> bool:
    """Tell whether a browser is there."""
    return chromium() is not None


def has_postgres() -> bool:
    """Tell whether a server is named or can be started."""
    return bool(os.environ.get("ANLAN_TEST_POSTGRES_URL")) or postgres_folder() is not None


SERVICES = (
    Service(
        name="Chromium",
        packages=("chromium",),
        is_there=has_chromium,
        otherwise="install it (on Debian: apt-get install chromium) or name it in ANLAN_CHROMIUM",
    ),
    Service(
        name="a Chinese font",
        packages=("fontconfig", "fonts-wqy-microhei"),
        is_there=has_chinese_font,
        otherwise="install one (on Debian: apt-get install fontconfig fonts-wqy-microhei)",
    ),
    Service(
        name="PostgreSQL",
        packages=("postgresql",),
        is_there=has_postgres,
        otherwise=(
            "install it (on Debian: apt-get install postgresql) or name a server in "
            "ANLAN_TEST_POSTGRES_URL"
        ),
    ),
    Service(
        name="Mosquitto",
        packages=("mosquitto",),
        is_there=has_mosquitto,
        otherwise="install it (on Debian: apt-get install mosquitto)",
        units=("mosquitto",),
    ),
)


def main() -> int:
    """Return 0 when all is there, 1 after one line for each thing that is not."""
    absent = [service for service in SERVICES if not service.is_there()]
    if absent and can_install():
        names = ", ".join(service.name for service in absent)
        print(f"Installing {names} from the system's packages (a minute or two).", flush=True)
        with nothing_started():
            install([package for service in absent for package in service.packages])
        switch_off(unit for service in absent for unit in service.units)
        absent = [service for service in absent if not service.is_there()]
    for service in absent:
        print(f"{service.name} is missing: {service.otherwise}.", file=sys.stderr)
    return 1 if absent else 0


def can_install() -> bool:
    """Tell whether this is root on a Debian."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


@contextmanager
def nothing_started() -> Iterator[None]:
    """Keep packages from starting a service of the system while they are installed."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(NO_SERVICE)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def switch_off(units: Iterable[str]) -> None:
    """Leave no service switched on that was not there before: it would start with the machine."""
    for unit in units:
        for command in (["systemctl", "disable", unit], ["update-rc.d", unit, "disable"]):
            if shutil.which(command[0]):
                subprocess.run(command, capture_output=True, check=False)


def install(packages: list[str]) -> None:
    """Install Debian packages, and print the last line of what apt-get said when it cannot."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            print(f"apt-get {command[0]} failed: {last}", file=sys.stderr)
            return


if __name__ == "__main__":
    sys.exit(main())
