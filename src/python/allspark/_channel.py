"""Channel: a client of another service, with a pool of connections that are kept."""
import socket
import sys
import threading
import traceback

from ._properties import Property


def _modules():
    """HTTP client, queue and URLs of this Python; only who opens a channel pays for loading them."""
    try:
        import http.client as http
        import queue
        import urllib.parse as urls
    except ImportError:
        import httplib as http
        import Queue as queue
        import urlparse as urls
    return http, queue, urls


class ChannelError(Exception):
    """The request failed; `args[0]` is the body of the answer, or what broke, as bytes."""


class Channel(object):
    """Sends messages to `uri`: `host:port`, `host:port/path`, or an HTTP(S) URL."""

    def __init__(self, uri, num_thread=4):
        text = uri.decode("utf-8") if isinstance(uri, bytes) else str(uri)
        http, queue, urls = _modules()
        parts = urls.urlsplit(text if "://" in text else "http://" + text)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a channel leads to host:port or an http:// URL, not to %r" % text)
        self._connect = http.HTTPSConnection if parts.scheme == "https" else http.HTTPConnection
        self._broken = (http.HTTPException, EnvironmentError)
        self._queue = queue.Queue
        self._host, self._port = parts.hostname, parts.port
        self._target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        self._lock = threading.Lock()
        self._idle = []
        self._num_thread = max(1, int(num_thread))
        self._waiting = None

    def request(self, msg):
        """Answer to `msg`, both bytes. Raises ChannelError when there is none within `rpc.keepalive`, or not a 200."""
        if not isinstance(msg, bytes):
            raise TypeError("bytes is expected, %s is found" % type(msg).__name__)
        status, body = self._exchange(msg)
        if status != 200:
            raise ChannelError(body or b"status %d" % status)
        return body

    def async_request(self, msg, onsuccess=None, onfailure=None, *arg, **kws):
        """Returns at once; later calls `onsuccess(answer, *arg, **kws)`, or `onfailure` with the error, both as bytes."""
        if not isinstance(msg, bytes):
            raise TypeError("bytes is expected, %s is found" % type(msg).__name__)
        with self._lock:
            if self._waiting is None:
                self._waiting = self._queue()
                for _ in range(self._num_thread):
                    thread = threading.Thread(target=self._work, args=(self._waiting,))
                    thread.daemon = True
                    thread.start()
        self._waiting.put((msg, onsuccess, onfailure, arg, kws))

    def close(self):
        """Ends the threads once what was asked for is answered, and drops the connections."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
            idle, self._idle = self._idle, []
        for _ in range(self._num_thread if waiting else 0):
            waiting.put(None)
        for connection in idle:
            connection.close()

    def _work(self, waiting):
        while True:
            item = waiting.get()
            if item is None:
                return
            msg, onsuccess, onfailure, arg, kws = item
            try:
                callback, answer = onsuccess, self.request(msg)
            except ChannelError as error:
                callback, answer = onfailure, error.args[0]
            try:
                if callback:
                    callback(answer, *arg, **kws)
            except Exception:
                traceback.print_exc()
                sys.stderr.flush()

    def _exchange(self, msg):
        while True:
            connection, is_kept = self._take()
            try:
                connection.request("POST", self._target, msg, {"Content-Type": "application/octet-stream"})
                answer = connection.getresponse()
                body = answer.read()
            except socket.timeout:
                connection.close()
                raise ChannelError(b"no answer in time")
            except self._broken as error:
                connection.close()
                # The other side may have closed it while nobody used it.
                if is_kept:
                    continue
                raise ChannelError(("%s: %s" % (type(error).__name__, error)).encode("utf-8"))
            if not answer.will_close:
                with self._lock:
                    self._idle.append(connection)
            return answer.status, body

    def _take(self):
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        timeout = int(Property().get("rpc.keepalive", b"5000")) / 1000.0
        return self._connect(self._host, self._port, timeout=timeout), False
