"""XML-RPC over a socket in the file system, with a deadline that supervisor's own has not."""

import socket
import xmlrpc.client
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

DEADLINE_SECONDS = 10.0  # the supervisor does nothing that takes as long


class SocketConnection(HTTPConnection):
    """HTTP over a socket in the file system, with a deadline."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(DEADLINE_SECONDS)
        self.sock.connect(str(self._path))


class OnSocket(xmlrpc.client.Transport):
    """XML-RPC over that connection."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> HTTPConnection:
        """One connection per transport."""
        self._connection = host, self._connection[1] or SocketConnection(self._path)
        return self._connection[1]
