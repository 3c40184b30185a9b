"""The lab as a web application: HTTP, websockets, settings and languages. All input, output and clocks live here."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("beanbowl")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0.0.0"
