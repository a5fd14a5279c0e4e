"""Run a command with ANLAN_DATABASE_URL naming a PostgreSQL server.

    python -m scripts.with_postgres -- python -m pytest tests/rooms
    python -m scripts.with_postgres --durable -- python bench/ingest.py

The server is, in this order: the one that ANLAN_TEST_POSTGRES_URL names; one on 127.0.0.1:5432
that lets the user postgres in with the password postgres; a private one, made in a temporary
folder, reached by a Unix socket in it, and stopped and deleted at the end, whatever the command
did. With --durable it is always a private one, and one that writes through to the disk, as in use:
measurements are made on it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg

from scripts.services import ServiceError, postgres_folder

START_SECONDS = 60
USER = "anlan"
# Tests throw their data away, so that nothing needs to reach the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")
DURABLE = ("max_connections=50",)


def main(arguments: Sequence[str]) -> int:
    """Return what the command returned, or 1 after one line when there is no server."""
    is_durable = arguments[:1] == ["--durable"]
    arguments = arguments[1:] if is_durable else arguments
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        print("Say what to run: python -m scripts.with_postgres -- COMMAND …", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop_on_signal)
    try:
        with server(settings=DURABLE if is_durable else FAST) as url:
            environment = {**os.environ, "ANLAN_DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


def stop_on_signal(number: int, frame: FrameType | None) -> None:
    """End through every `finally`, so that no server is left behind."""
    raise SystemExit(128 + number)


@contextmanager
def server(*, settings: Sequence[str] = FAST) -> Iterator[str]:
    """Give the URL of a database on a server that answers."""
    # The name is ours alone, since two test runs may meet on one server.
    name = f"anlan_{os.getpid()}"
    named = os.environ.get("ANLAN_TEST_POSTGRES_URL")
    local = f"postgresql://postgres:postgres@127.0.0.1:5432/{name}"
    if settings == DURABLE:
        with private_server(settings) as folder:
            yield f"postgresql://{USER}@/{name}?host={folder}"
    elif named:
        yield named
    elif answers("postgresql://postgres:postgres@127.0.0.1:5432/postgres"):
        yield local
    else:
        with private_server(settings) as folder:
            yield f"postgresql://{USER}@/{name}?host={folder}"


def answers(url: str) -> bool:
    """Tell whether a server lets us in at this URL."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def private_server(settings: Sequence[str] = FAST) -> Iterator[Path]:
    """Make a server in a temporary folder, give the folder of its socket, and delete it all."""
    programs = postgres_folder()
    if programs is None:
        raise ServiceError(
            "PostgreSQL is missing: install it (on Debian: apt-get install postgresql) or name a "
            "server in ANLAN_TEST_POSTGRES_URL."
        )
    folder = Path(tempfile.mkdtemp(prefix="anlan-pg-", dir=short_folder()))
    try:
        as_user = unprivileged(folder)
        create(programs, folder, as_user)
        process = start(programs, folder, as_user, settings=settings)
        try:
            wait_until_ready(process, folder)
            yield folder
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def short_folder() -> str | None:
    """Return a folder with a short name: a socket's path may not be longer than 107 bytes."""
    return "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108 - mkdtemp makes a folder of ours in it


def unprivileged(folder: Path) -> list[str]:
    """Return what starts a program as somebody else when we are root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServiceError(
            "PostgreSQL refuses to run as root, and setpriv, which would run it as another user, "
            "is missing: install util-linux or run the tests as another user."
        )
    names = [entry.pw_name for entry in pwd.getpwall()]
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def create(programs: Path, folder: Path, as_user: list[str]) -> None:
    """Make the files of a server that trusts whoever reaches its socket."""
    options = ["--encoding=UTF8", "--locale=C", "--auth=trust", f"--username={USER}", "--no-sync"]
    done = subprocess.run(
        [*as_user, str(programs / "initdb"), "-D", str(folder / "data"), *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise ServiceError(f"initdb could not make a private PostgreSQL server: {last}")


def start(
    programs: Path, folder: Path, as_user: list[str], *, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    """Start the server as our own child, listening on a socket in the folder alone."""
    own = [f"unix_socket_directories={folder}", "listen_addresses="]
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    for setting in [*own, *settings]:
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*as_user, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when the server answers; raise with its last words when it does not."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if answers(f"postgresql://{USER}@/postgres?host={folder}"):
            return
        time.sleep(0.1)
    last = ((folder / "log").read_text(errors="replace").strip().splitlines() or ["no word"])[-1]
    raise ServiceError(f"A private PostgreSQL server did not start: {last}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server at once: nothing in it is worth keeping."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
