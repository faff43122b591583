"""Ends this process when its parent is killed (Linux); elsewhere the instance's own guard does."""
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent():
    if not sys.platform.startswith("linux") or not os.environ.get("EASCMD_PROCESSOR_SOCKET"):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except Exception:
        # A Python without ctypes still ends with its process group.
        pass
