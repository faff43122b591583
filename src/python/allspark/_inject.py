"""Handlers that user code puts into the service for a path of their own."""
import sys
import threading
import traceback

from . import _link


def message_of(exception):
    """What callers are told of an exception, as bytes."""
    try:
        text = str(exception)
    except Exception:
        text = repr(exception)
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def call(handler, body):
    """(code, answer) of a handler; an exception is a 400, as that of `process`."""
    try:
        answer = handler(body)
        if answer is not None and not isinstance(answer, bytes):
            raise TypeError("bytes is expected, %s is found" % type(answer).__name__)
        return 200, answer or b""
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        return 400, message_of(error)


def serve_link(path, token, handler):
    """Gives the handler a connection of its own to the instance's front."""
    place = {"path": path} if token is None else {"path": path, "token": token}
    thread = threading.Thread(target=_serve, args=(_link.Requests(1, inject=place), handler))
    thread.daemon = True
    thread.start()


def _serve(requests, handler):
    while True:
        ident, body = requests.read()
        code, answer = call(handler, body)
        requests.reply(ident, code, answer)
