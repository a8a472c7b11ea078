"""A zip archive that nobody vouches for: its entries are listed, and inflated within limits.

Nothing is ever written to a path that the archive names.
"""

import io
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrcards.errors import DeckError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_ENTRIES = 100_000
MAX_RATIO, RATIO_APPLIES_FROM = 200, 32 << 20
"""How many times its compressed size data may have, once it has so many bytes."""

_MAX_DIRECTORY = 8 << 20
_MAX_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 27}
_CHUNK = 1 << 18
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_MARK = b"PK\x03\x04"
_IS_ENCRYPTED = 1


class Archive:
    """The entries of a zip file.

    The file is open only while something is read from it; it has to stay as it is.

    Raises:
        DeckError: the file cannot be read, is no zip file, or lists more than any package has.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._opened() as file, zipfile.ZipFile(file) as archive:
            self._identity = _identity(file)
            entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise DeckError(f"The archive has more than {MAX_ENTRIES:,} entries", path=path)
        self._entries = {entry.filename: entry for entry in entries}

    @property
    def file_size(self) -> int:
        """The size of the zip file in bytes."""
        return self._identity[0]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """Return the names of the entries."""
        return list(self._entries)

    def size(self, name: str) -> int:
        """Return how many bytes an entry has, as the archive says."""
        return self._entries[name].file_size

    def read(self, name: str, limit: int, *, is_zstd: bool = False) -> bytes:
        """Return the bytes of an entry.

        Args:
            limit: how many there may be.
            is_zstd: whether what the entry holds is compressed with Zstandard.

        Raises:
            DeckError: there are more, there is no such entry, or it cannot be read.
        """
        return b"".join(self.chunks(name, limit, is_zstd=is_zstd))

    def chunks(self, name: str, limit: int, *, is_zstd: bool = False) -> Iterator[bytes]:
        """Yield the bytes of an entry as ``read`` returns them, some at a time."""
        if name not in self._entries:
            raise DeckError(f"The archive lacks “{name}”", "Export it again", path=self._path)
        entry = self._entries[name]
        if entry.flag_bits & _IS_ENCRYPTED:
            raise DeckError(
                "The archive is encrypted", "Unpack and zip it without a password", path=self._path
            )
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DeckError("The archive is packed in an unusual way", "Zip it again", path=self._path)
        compressed = min(entry.compress_size, self.file_size)
        limit = min(limit, max(MAX_RATIO * compressed, RATIO_APPLIES_FROM))
        with self._opened() as file:
            if _identity(file) != self._identity:
                raise DeckError("The file has changed since it was looked at", "Import it again")
            with _inflated(file, entry, is_zstd=is_zstd) as stream:
                while chunk := stream.read(_CHUNK):
                    limit -= len(chunk)
                    if limit < 0:
                        raise DeckError(f"“{name}” in the archive grows too large when it is unpacked")
                    yield chunk

    @contextmanager
    def _opened(self) -> Iterator["_WithinBounds"]:
        """Open the file for a block; what is wrong with it is told with its path."""
        try:
            with _WithinBounds(io.FileIO(self._path)) as file:
                yield file
        except DeckError as error:
            error.path = self._path
            raise
        except OSError as error:
            what = f"The file cannot be read: {error.strerror or error}"
            raise DeckError(what, "Check the name and the permissions", path=self._path) from error
        except _DAMAGE as error:
            what = "The file is no zip archive, or a damaged one"
            raise DeckError(what, "Export it again", path=self._path) from error


_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    zstd.ZstdError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


class _WithinBounds(io.BufferedReader):
    """A file of which nothing longer than a sensible zip directory is read at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise DeckError("The archive lists more files than any package with cards")
        return super().read(size)


def _identity(file: io.BufferedReader) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


@contextmanager
def _inflated(
    file: io.BufferedReader, entry: zipfile.ZipInfo, *, is_zstd: bool
) -> Iterator[io.BufferedIOBase]:
    """Give the stream of an entry's bytes."""
    file.seek(entry.header_offset)
    mark, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if mark != _LOCAL_MARK:
        raise zipfile.BadZipFile
    file.seek(name_length + extra_length, os.SEEK_CUR)
    with zipfile.ZipExtFile(file, "r", entry) as stream:
        if not is_zstd:
            yield stream
            return
        with zstd.ZstdFile(stream, options=_MAX_WINDOW) as inflated:
            yield inflated
