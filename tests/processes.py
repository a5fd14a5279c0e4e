"""A gateway in a process of its own, so that it can be killed."""

import socket
import subprocess
import sys
from collections.abc import Mapping

from tests.listening import HOST


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


class GatewayProcess:
    """`anlan gateway` on a port, started, killed and started again."""

    def __init__(self, environment: Mapping[str, str], *, port: int) -> None:
        self.port = port
        self._environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Return the number of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and return when it listens."""
        command = [sys.executable, "-m", "anlan", "gateway", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "Listening" in line, "the gateway did not start"

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end("kill")

    def stop(self) -> int:
        """End it as an operator would, and return what it returned."""
        return self._end("terminate")

    def _end(self, how: str) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        getattr(process, how)()
        code = process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()
        return code
