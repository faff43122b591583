"""Compatible `allspark` for Python processors, where the official package isn't installed.

Under `eascmd` every thread that reads requests is one connection to the instance's front; run by hand it serves
HTTP itself. Works on Python 2.7 and 3.6 or later with nothing but the standard library.
"""
from ._channel import Channel, ChannelError
from ._processor import BaseProcessor
from ._properties import Property, default_properties, get_model_path
from ._service import Context, QueuedService

__version__ = "0.15.0+eascmd"
__all__ = [
    "BaseProcessor",
    "Channel",
    "ChannelError",
    "Context",
    "Property",
    "QueuedService",
    "cflags",
    "default_properties",
    "get_model_path",
    "ldflags",
]


def cflags():
    """In the official package: how to compile a C extension against its library, which this one doesn't have."""
    raise NotImplementedError("this compatible allspark is pure Python and has no C headers or library")


ldflags = cflags
