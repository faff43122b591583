"""BaseProcessor: `initialize`, then `process(data) -> (body, code)` on every thread."""
from __future__ import print_function

import multiprocessing
import os
import signal
import sys
import threading
import traceback

from . import _guard
from ._inject import message_of
from ._properties import Property, get_model_path
from ._service import Context


class BaseProcessor(object):
    """Base class of Python processors; override `initialize` and `process`, then call `run`."""

    def __init__(self, worker_threads=5, io_threads=4, worker_processes=1, endpoint=None):
        _guard.die_with_parent()
        if os.environ.get("NAMESPACE") and os.environ.get("POD_NAME"):
            endpoint = None
        self.worker_threads = int(worker_threads)
        self.io_threads = int(io_threads)
        self.worker_processes = int(worker_processes)
        self.endpoint = endpoint
        self.max_queue_size = int(Property().get("rpc.max_queue_size", b"64"))
        self.processes = []
        self.context = Context(self.io_threads)
        self.queued = self.context.queued_service(endpoint)

    def get_model_path(self):
        return get_model_path()

    def initialize(self):
        """Loads the model; called once per process before the first request."""

    def pre_process(self, data):
        return data

    def post_process(self, data):
        return data

    def process(self, data):
        raise NotImplementedError("%s has no process(data)" % type(self).__name__)

    def run(self):
        """Serves until the process is ended."""
        if self.worker_processes > 1:
            self._run_processes()
            return
        self.initialize()
        self.queued.threads = self.worker_threads
        workers = [self._thread(self._serve) for _ in range(self.worker_threads)]
        for worker in workers:
            while worker.is_alive():
                worker.join(3600)

    def _thread(self, target, *args):
        thread = threading.Thread(target=target, args=args)
        thread.daemon = True
        thread.start()
        return thread

    def _serve(self):
        try:
            source = self.queued.source()
            read, reply, call = source.read, source.reply, self._call
            while True:
                ident, data = read()
                code, body = call(data)
                reply(ident, code, body)
        except BaseException:
            # A thread that ends in silence would leave the service with less capacity than it shows.
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    def _call(self, data):
        try:
            body, code = self.process(data)
            if not isinstance(body, bytes):
                body = str(body).encode("utf-8")
            return int(code), body
        except Exception as exception:
            traceback.print_exc()
            return 400, message_of(exception)

    def _run_processes(self):
        """`worker_processes` forked children; each loads the model and computes one request at a time."""
        if not hasattr(os, "fork"):
            raise RuntimeError("worker_processes > 1 needs fork, which this system lacks")
        context = multiprocessing.get_context("fork") if sys.version_info[0] > 2 else multiprocessing
        channels = []
        for _ in range(self.worker_processes):
            ours, theirs = context.Pipe()
            child = context.Process(target=self._child, args=(theirs,))
            child.start()
            theirs.close()
            self.processes.append(child)
            channels.append(ours)
        for child, channel in zip(self.processes, channels):
            try:
                channel.recv()
            except EOFError:
                self._give_up("worker process %d ended while loading" % child.pid)
        self.queued.threads = self.worker_processes
        movers = [self._thread(self._move, *pair) for pair in zip(self.processes, channels)]
        for mover in movers:
            while mover.is_alive():
                mover.join(3600)

    def _move(self, child, channel):
        try:
            while True:
                channel.send_bytes(self.queued.read())
                code = int(channel.recv_bytes())
                body = channel.recv_bytes()
                if code in (0, 200):
                    self.queued.write(body)
                else:
                    self.queued.error(code, body)
        except (EOFError, OSError, IOError):
            self._give_up("worker process %d ended" % child.pid)

    def _give_up(self, reason):
        print("allspark: %s; with worker_processes > 1 that ends the service" % reason, file=sys.stderr)
        sys.stderr.flush()
        for child in self.processes:
            if child.is_alive():
                os.kill(child.pid, signal.SIGKILL)
        os._exit(1)

    def _child(self, channel):
        _guard.die_with_parent()
        self.initialize()
        channel.send("ready")
        while True:
            try:
                data = channel.recv_bytes()
            except EOFError:
                return
            body, code = self.process(data)
            if not isinstance(body, bytes):
                reason = "process() must return bytes when worker_processes > 1, not %s" % type(body).__name__
                print("allspark: " + reason, file=sys.stderr)
                body, code = reason.encode("utf-8"), 500
            channel.send_bytes(str(int(code)).encode("ascii"))
            channel.send_bytes(body)
