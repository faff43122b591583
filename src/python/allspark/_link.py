"""Connections to the front of an instance, speaking its frames: `!IBBHI`, then the payload."""
import json
import os
import socket
import struct
import threading

HEADER = struct.Struct("!IBBHI")
HELLO, REQUEST, RESPONSE, CANCEL = 0, 1, 2, 5
PROTOCOL_VERSION = 1
JOIN_BELOW = 65536

ADDRESS = os.environ.get("EASCMD_PROCESSOR_SOCKET")
SECRET = os.environ.get("EASCMD_PROCESSOR_SECRET", "")


def available():
    """Whether this process was started by an instance's front."""
    return bool(ADDRESS)


def connect(**hello):
    """A socket that has said hello; `hello` holds window, threads and properties."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect(ADDRESS)
    send_hello(link, **hello)
    return link


def send_hello(link, **hello):
    hello.update(role="processor", secret=SECRET, pid=os.getpid())
    payload = json.dumps(hello).encode("utf-8")
    link.sendall(HEADER.pack(len(payload), HELLO, 0, PROTOCOL_VERSION, 0) + payload)


class Requests(object):
    """Requests of one connection: `read` in one thread, `reply` in any."""

    def __init__(self, window, **hello):
        self._socket = connect(window=window, **hello)
        self._buffer = b""
        self._lock = threading.Lock()
        self._timeout = None
        self.window = window

    def widen(self, window):
        """Asks for `window` requests at once from now on."""
        if window > self.window:
            self.window = window
            with self._lock:
                send_hello(self._socket, window=window)

    def read(self, timeout=None):
        """(id, body) of the next request; None when `timeout` seconds pass without one."""
        while True:
            data = self._buffer
            if len(data) >= 12:
                size, kind, _, _, ident = HEADER.unpack_from(data)
                end = 12 + size
                if end <= len(data):
                    body = data[12:end]
                    self._buffer = data[end:]
                else:
                    body = self._read_large(data[12:], size)
                if kind == REQUEST:
                    return ident, body
                continue
            if not self._fill(timeout):
                return None

    def _fill(self, timeout):
        try:
            if timeout != self._timeout:
                self._set_timeout(timeout)
            chunk = self._socket.recv(65536)
        except socket.timeout:
            return False
        if not chunk:
            self._gone()
        self._buffer = self._buffer + chunk if self._buffer else chunk
        return True

    def _set_timeout(self, timeout):
        # A system call of its own, so only when it changes.
        self._socket.settimeout(timeout)
        self._timeout = timeout

    def _read_large(self, begun, size):
        self._set_timeout(None)
        body = bytearray(size)
        body[: len(begun)] = begun
        view = memoryview(body)
        filled = len(begun)
        while filled < size:
            count = self._socket.recv_into(view[filled:])
            if not count:
                self._gone()
            filled += count
        self._buffer = b""
        return bytes(body)

    def reply(self, ident, code, body):
        """Answers request `ident`; `code` is the processor's own, the front maps it to a status."""
        if not 0 <= code <= 0xFFFF:
            code = 400
        header = HEADER.pack(len(body), RESPONSE, 0, code, ident)
        with self._lock:
            if self._timeout is not None:
                self._set_timeout(None)
            if len(body) < JOIN_BELOW:
                self._socket.sendall(header + body)
            else:
                self._socket.sendall(header)
                self._socket.sendall(body)

    def _gone(self):
        # The front never leaves first unless the instance is over, and no thread may outlive it.
        os._exit(1)
