"""Files that are served as they are: the page's own with content hashes, Plotly, and what /docs needs.

In a wheel, `static` and `templates` lie inside this package; in a checkout, beside it.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parent
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def folder(name: str) -> Path:
    """Where `static` or `templates` are."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def package_file(package: str, path: str) -> Path:
    """A file of an installed package, which is found without being imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package}: not installed")
    return Path(spec.submodule_search_locations[0]) / path


def digest(*pieces: bytes) -> str:
    """A short hash of contents."""
    return hashlib.sha256(b"".join(pieces)).hexdigest()[:16]


@dataclass(frozen=True)
class Resource:
    """One file: its content, and compressed once when first asked for."""

    content: bytes
    media_type: str

    @classmethod
    def read(cls, path: Path) -> "Resource":
        """The file at `path`."""
        guessed = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(path.read_bytes(), guessed)

    @cached_property
    def hash(self) -> str:
        """Of the content."""
        return digest(self.content)

    @property
    def compressible(self) -> bool:
        """Whether compression is worth it."""
        return self.media_type.startswith(COMPRESSIBLE) and len(self.content) > 1000

    @cached_property
    def compressed(self) -> bytes:
        """The content as gzip; for Plotly this takes a good part of a second."""
        return gzip.compress(self.content, compresslevel=9, mtime=0)


class Tree:
    """All files of a folder with one hash over all of them, read again when one of them has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._state: frozenset[tuple[str, int, int]] = frozenset()
        self._resources: dict[str, Resource] = {}
        self._hash = ""

    def refresh(self) -> "Tree":
        """Look whether a file has changed; cheap if none has."""
        found = {path.relative_to(self._root).as_posix(): path for path in self._files()}
        state = frozenset((name, (stat := path.stat()).st_mtime_ns, stat.st_size) for name, path in found.items())
        if state != self._state:
            self._resources = {name: Resource.read(path) for name, path in sorted(found.items())}
            pieces = (piece for name, each in self._resources.items() for piece in (name.encode(), each.content))
            self._hash, self._state = digest(*pieces), state
        return self

    @property
    def hash(self) -> str:
        """Of the names and contents of all files."""
        return self._hash

    def get(self, name: str) -> Resource | None:
        """The file by that name, or None; only files that were found there are ever given."""
        return self._resources.get(name)

    def _files(self) -> Iterator[Path]:
        return (path for path in self._root.rglob("*") if path.is_file() and not path.name.startswith("."))
