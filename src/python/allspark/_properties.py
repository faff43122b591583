"""Properties of the instance (`rpc.*` and the rest of the service's metadata), and where its model lies."""
import json
import os
import threading

from . import _link


def _text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


class _Store(object):
    def __init__(self):
        self._lock = threading.Lock()
        self._values = {}
        self._listeners = {}
        self._control = None
        self.changed = {}
        path = os.environ.get("EASCMD_PROPERTIES_FILE")
        if path:
            with open(path, "rb") as file:
                self._values = json.loads(file.read().decode("utf-8"))

    def get(self, name):
        return self._values.get(name)

    def put(self, name, value):
        with self._lock:
            self._values[name] = value
            self.changed[name] = value
            self._report()
        for listener in list(self._listeners.get(name, ())):
            listener(value.encode("utf-8"))

    def listen(self, name, callback):
        self._listeners.setdefault(name, []).append(callback)

    def _report(self):
        if not _link.available():
            return
        if self._control is None:
            self._control = _link.connect(window=0, properties=self.changed)
        else:
            _link.send_hello(self._control, window=0, properties=self.changed)


_store = _Store()


class Property(object):
    """Key-value store of configuration; names are text or bytes, values come back as bytes."""

    def get(self, name, default=b""):
        value = _store.get(_text(name))
        if value is None:
            return default
        return type(default)(value.encode("utf-8")) if isinstance(default, bytes) else type(default)(value)

    def put(self, name, value):
        _store.put(_text(name), _text(value))

    def listen(self, name, callback=None):
        """Calls `callback(value)` at every `put` of `name`; without a callback, returns a decorator."""
        if callback is not None:
            _store.listen(_text(name), callback)
            return None

        def decorate(function):
            _store.listen(_text(name), function)
            return function

        return decorate


def default_properties():
    return Property()


def changed_properties():
    """What user code has put so far, as text."""
    return dict(_store.changed)


def get_model_path():
    """Folder the model was unpacked to; beside the working directory when nobody started us."""
    return os.environ.get("EASCMD_MODEL_DIR") or os.path.abspath(os.path.join("..", "model"))
