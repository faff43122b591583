"""Runs an app with the official allspark: on a loopback port of ours, and tells the front when it has loaded.

Usage: python _proxy.py APP. Lives outside any package so that `import allspark` finds the official one.
"""
import json
import os
import runpy
import socket
import struct
import sys


def report(**hello):
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect(os.environ["EASCMD_PROCESSOR_SOCKET"])
    hello.update(role="processor", secret=os.environ["EASCMD_PROCESSOR_SECRET"], pid=os.getpid(), window=0)
    payload = json.dumps(hello).encode("utf-8")
    link.sendall(struct.pack("!IBBHI", len(payload), 0, 0, 1, 0) + payload)
    return link


def adopt(base, port, links):
    """Makes every processor listen on `port`, and report itself ready after `initialize`."""
    construct = base.__init__

    def __init__(self, *args, **kwargs):
        names = ("worker_threads", "io_threads", "worker_processes", "endpoint")
        given = dict(zip(names, args))
        given.update(kwargs)
        given["endpoint"] = "127.0.0.1:%d" % port
        construct(self, **given)
        load = self.initialize

        def initialize():
            load()
            threads = int(given.get("worker_threads", 5)) * int(given.get("worker_processes", 1))
            links.append(report(httpPort=port, threads=threads))

        self.initialize = initialize

    base.__init__ = __init__


def main():
    app = sys.argv[1]
    sys.argv = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(app))
    os.environ.pop("NAMESPACE", None)
    import allspark

    links = []
    adopt(allspark.BaseProcessor, int(os.environ["EASCMD_PROCESSOR_PORT"]), links)
    runpy.run_path(app, run_name="__main__")


if __name__ == "__main__":
    main()
