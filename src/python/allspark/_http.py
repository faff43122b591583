"""Serves HTTP when nobody started us: `python app.py` on a laptop, port 8080 or `endpoint`."""
import socket
import sys
import threading

try:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from queue import Empty, Full, Queue
    from socketserver import ThreadingMixIn
except ImportError:
    from BaseHTTPServer import BaseHTTPRequestHandler, HTTPServer
    from Queue import Empty, Full, Queue
    from SocketServer import ThreadingMixIn

from . import _inject
from ._properties import Property


class _Exchange(object):
    def __init__(self, body):
        self.body = body
        self.done = threading.Event()
        self.status = 0
        self.answer = b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        BaseHTTPRequestHandler.setup(self)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle_one(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if size else b""
        injected = self.server.injected.get(self.path.split("?", 1)[0])
        if injected:
            return self.answer_injected(body, *injected)
        exchange = _Exchange(body)
        try:
            self.server.waiting.put_nowait(exchange)
        except Full:
            return self.answer(450, b"queue is full")
        if not exchange.done.wait(int(Property().get("rpc.keepalive", b"5000")) / 1000.0):
            return self.answer(408, b"request timeout")
        return self.answer(exchange.status, exchange.answer)

    def answer_injected(self, body, handler, token, lock):
        if token and self.headers.get("Authorization") not in (token, "Bearer " + token):
            return self.answer(401, b"token is missing or wrong")
        with lock:
            code, answer = _inject.call(handler, body)
        return self.answer(code, answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_one

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if status in (408, 450):
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Requests are not logged: stderr is user code's."""


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


class HttpSource(object):
    """The same reading and answering as a connection to a front, for all threads at once."""

    def __init__(self, host, port, injected):
        self._server = _Server((host, port), _Handler)
        self._server.injected = injected
        self._server.waiting = Queue(int(Property().get("rpc.max_queue_size", b"64")))
        thread = threading.Thread(target=self._server.serve_forever)
        thread.daemon = True
        thread.start()

    def widen(self, window):
        """Any number of requests may be out at once."""

    def read(self, timeout=None):
        while True:
            try:
                # An endless wait can't be interrupted on Python 2.
                exchange = self._server.waiting.get(True, 3600 if timeout is None else timeout)
                return exchange, exchange.body
            except Empty:
                if timeout is not None:
                    return None

    def reply(self, exchange, code, body):
        exchange.status = 200 if code in (0, 200) else code if 200 <= code <= 599 else 400
        exchange.answer = body
        exchange.done.set()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def serve(endpoint, injected):
    host, _, port = str(endpoint).rpartition(":")
    source = HttpSource(host or "127.0.0.1", int(port), injected)
    sys.stderr.write("allspark: serving http://%s:%s\n" % (host or "127.0.0.1", port))
    return source
