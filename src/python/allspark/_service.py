"""Context and QueuedService: the message-queue like view on requests."""
import os
import threading
import time

from . import _inject, _link
from ._channel import Channel
from ._properties import Property, _text, changed_properties


def default_endpoint():
    """Where the service listens unless told: on all addresses in a container of EAS, whose engine knocks from outside."""
    in_cluster = os.environ.get("NAMESPACE") and os.environ.get("POD_NAME")
    return "0.0.0.0:8080" if in_cluster else "127.0.0.1:8080"


class Context(object):
    """Owner of the services of this process."""

    def __init__(self, num_thread=4):
        self.num_thread = num_thread
        self._services = []
        self._channels = []

    def queued_service(self, endpoint=None):
        """Opens the service: on the instance's front, else on `endpoint` ("host:port")."""
        Property().put("model.ready", "1")
        service = QueuedService(endpoint)
        self._services.append(service)
        return service

    def channel(self, uri):
        """A client of the service at `uri`; up to `num_thread` of its asynchronous requests run at once."""
        channel = Channel(uri, self.num_thread)
        self._channels.append(channel)
        return channel

    def stop(self):
        for service in self._services:
            service.stop()
        for channel in self._channels:
            channel.close()


def _check(message):
    if not isinstance(message, bytes):
        raise TypeError("bytes is expected, %s is found" % type(message).__name__)
    return message


class QueuedService(object):
    """Every thread that reads gets its own source of requests and answers the last one it has read."""

    def __init__(self, endpoint=None, threads=None):
        self._endpoint = endpoint
        self._local = threading.local()
        self._lock = threading.Lock()
        self._by_id = {}
        self._last_id = 0
        self._server = None
        self._injected = {}
        self.threads = threads

    def source(self, window=1):
        """Where the calling thread reads its requests: up to `window` of them at once."""
        source = getattr(self._local, "source", None)
        if source is None:
            source = self._open(window)
            self._local.source = source
            self._local.taken = []
        elif window > 1:
            source.widen(window)
        return source

    def _open(self, window):
        if _link.available():
            hello = {"properties": changed_properties()}
            if self.threads:
                hello["threads"] = self.threads
            return _link.Requests(window, **hello)
        from . import _http

        with self._lock:
            if self._server is None:
                self._server = _http.serve(self._endpoint or default_endpoint(), self._injected)
        return self._server

    def stop(self):
        if self._server is not None:
            self._server.stop()

    def inject(self, path, handler=None, token=None):
        """Answers requests for `path` with `handler(body)`, bytes, in place of a reader; one of them at a time.

        Without a handler, returns a decorator. `token` is what callers show in Authorization; None means that of
        the service.
        """
        if handler is None:
            return lambda function: self.inject(path, function, token) or function
        name, secret = _text(path), None if token is None else _text(token)
        if not name.startswith("/"):
            raise ValueError("an injected path begins with /, unlike %r" % name)
        if _link.available():
            _inject.serve_link(name, secret, handler)
        else:
            self._injected[name] = (handler, secret, threading.Lock())
        return None

    def read(self):
        """Body of the next request; `write` or `error` of the same thread answers it."""
        source = self.source()
        ident, body = source.read()
        self._local.taken = [ident]
        return body

    def write(self, msg):
        self._answer(0, _check(msg))

    def error(self, code, msg):
        self._answer(code, _check(msg))

    def _answer(self, code, msg):
        ident = self._local.taken.pop(0)
        self._local.source.reply(ident, code, msg)

    def read_upto(self, batch_size, timeout):
        """Up to `batch_size` bodies: waits for the first, then at most `timeout` ms for more."""
        source = self.source(batch_size)
        ident, body = source.read()
        taken, bodies = [ident], [body]
        until = time.time() + timeout / 1000.0
        while len(bodies) < batch_size:
            left = until - time.time()
            more = source.read(max(left, 0.0001))
            if more is None:
                break
            taken.append(more[0])
            bodies.append(more[1])
        self._local.taken = taken
        return bodies

    def write_many(self, msgs):
        """Answers of the last `read_upto`, in its order: bytes, or (code, bytes)."""
        for msg in msgs:
            code, body = msg if isinstance(msg, tuple) else (0, msg)
            self._answer(code, _check(body))

    def read_with_id(self):
        """(body, id); any thread may answer the id later."""
        source = self.source(64)
        ident, body = source.read()
        with self._lock:
            self._last_id += 1
            number = self._last_id
            self._by_id[number] = (source, ident)
        return body, number

    def write_with_id(self, msg, request_id):
        self.error_with_id(0, msg, request_id)

    def error_with_id(self, code, msg, request_id):
        body = _check(msg)
        with self._lock:
            source, ident = self._by_id.pop(request_id)
        source.reply(ident, code, body)
