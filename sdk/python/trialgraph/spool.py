"""The disk between a training loop and the network: append-only, checksummed, the same format as the TypeScript SDK's.

A file is the magic text, then records of `u32 length, u32 crc32, JSON` (little-endian). Readers drop a torn tail.
The writer's and the sender's thread share it; the training thread never touches it.
"""

from __future__ import annotations

import bisect
import json
import os
import struct
import threading
import zlib
from typing import Any, Dict, List, Optional

MAGIC = b"TGSPOOL1"
FRAME = struct.Struct("<II")
SEGMENT_BYTES = 4 * 1024 * 1024
KEPT_SEGMENTS = 4  # acknowledged ones that stay: a server that failed over may ask again
MEMORY_RECORDS = 2000


class Entry:
    """Where one batch lies; `record` is set when the disk refused it."""

    __slots__ = ("seq", "count", "segment", "offset", "length", "record")

    def __init__(self, seq: int, count: int, segment: int, offset: int, length: int, record: Optional[Dict[str, Any]]):
        self.seq, self.count, self.segment, self.offset, self.length, self.record = seq, count, segment, offset, length, record


class Spool:
    def __init__(self, folder: str, header: Dict[str, Any]) -> None:
        create = header["create"]
        owner = header["trialId"] or f"offline-{create['clientRequestId']}"
        self.header = header
        self.failure: Optional[OSError] = None
        self.end = 0  # seq after the last point
        self.end_record: Optional[Dict[str, Any]] = None
        self._name = f"{owner}.{header['attempt']}.{header['stream']}"
        self._folder = folder
        self._lock = threading.Lock()
        self._entries: List[Entry] = []
        self._streams = [{"name": header["stream"], "base": 0}]
        self._files: Dict[int, int] = {}
        self._segment = 0
        self._bytes = 0
        self._dirty = False
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._rotate()
        except OSError as error:
            self.failure = error

    @property
    def start(self) -> int:
        """Seq of the first point that can still be read."""
        with self._lock:
            return self._entries[0].seq if self._entries else self.end

    def append(self, count: int, dropped: int, series: List[Dict[str, Any]]) -> None:
        """Appends a batch and gives it the next seq. Never raises."""
        with self._lock:
            self._write({"type": "points", "seq": self.end, "count": count, "dropped": dropped, "series": series})

    def restream(self, name: str, base: int) -> None:
        """From point `base` on, send under another stream name."""
        with self._lock:
            self._write({"type": "stream", "name": name, "base": base})

    def write_end(self, end: Dict[str, Any]) -> None:
        with self._lock:
            self._write({"type": "end", **end})

    def stream_at(self, seq: int) -> Dict[str, Any]:
        with self._lock:
            return next(stream for stream in reversed(self._streams) if stream["base"] <= seq)

    def batch_at(self, seq: int) -> Optional[Dict[str, Any]]:
        """The batch that holds `seq`, or the first one after it."""
        with self._lock:
            at = bisect.bisect_right([entry.seq + entry.count for entry in self._entries], seq)
            for entry in self._entries[at : at + 64]:
                record = entry.record or self._read(entry)
                if record:
                    return record
            return None

    def ack(self, seq: int) -> None:
        """Points below `seq` are on the server: forgets what no rewind is likely to need."""
        with self._lock:
            while self._entries and self._entries[0].seq + self._entries[0].count <= seq:
                entry = self._entries[0]
                if entry.record is None and entry.segment + KEPT_SEGMENTS >= self._segment:
                    return
                self._entries.pop(0)
                first = self._entries[0].segment if self._entries else self._segment
                for segment in [one for one in self._files if one < first]:
                    self._drop_segment(segment)

    def sync(self) -> None:
        """Makes what was appended survive a power cut. Never raises."""
        with self._lock:
            if not self._dirty:
                return
            self._dirty = False
            try:
                os.fsync(self._files[self._segment])
            except (OSError, KeyError):
                pass  # the next write tells

    def close(self) -> None:
        self.sync()
        with self._lock:
            for descriptor in self._files.values():
                os.close(descriptor)
            self._files = {}

    def remove(self) -> None:
        """Closes and deletes the files."""
        with self._lock:
            for segment in list(self._files):
                self._drop_segment(segment)

    def _write(self, record: Dict[str, Any]) -> None:
        payload = json.dumps(record, separators=(",", ":"), allow_nan=False).encode("utf-8")
        frame = FRAME.pack(len(payload), zlib.crc32(payload)) + payload
        offset: Optional[int] = None
        try:
            if self.failure or self._bytes + len(frame) > SEGMENT_BYTES:
                self._rotate()
            offset = self._bytes
            _write_fully(self._files[self._segment], frame, offset)
            self._bytes += len(frame)
            self._dirty = True
            self.failure = None
        except OSError as error:
            self.failure = error
            offset = None
            self._undo_torn_write()
        self._remember(record, offset, len(payload))

    def _remember(self, record: Dict[str, Any], offset: Optional[int], length: int) -> None:
        if record["type"] == "stream":
            self._streams.append({"name": record["name"], "base": record["base"]})
        elif record["type"] == "end":
            self.end_record = record
        elif record["type"] == "points":
            kept = record if offset is None else None
            self._entries.append(Entry(record["seq"], record["count"], self._segment, (offset or 0) + FRAME.size, length, kept))
            self.end = record["seq"] + record["count"]
            in_memory = [entry for entry in self._entries if entry.record] if kept else []
            if len(in_memory) > MEMORY_RECORDS:
                self._entries.remove(in_memory[0])  # a full disk drops the oldest of what is only in memory

    def _read(self, entry: Entry) -> Optional[Dict[str, Any]]:
        try:
            payload = os.pread(self._files[entry.segment], entry.length, entry.offset)
            return json.loads(payload)
        except (OSError, KeyError, ValueError):
            return None

    def _rotate(self) -> None:
        path = self._path(self._segment + 1)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if self._segment in self._files:
            os.fsync(self._files[self._segment])
        self._segment += 1
        self._files[self._segment] = descriptor
        head = MAGIC
        for record in [self.header, *({"type": "stream", **stream} for stream in self._streams[1:])]:
            payload = json.dumps(record).encode("utf-8")
            head += FRAME.pack(len(payload), zlib.crc32(payload)) + payload
        self._bytes = len(head)
        _write_fully(descriptor, head, 0)

    def _undo_torn_write(self) -> None:
        try:
            os.ftruncate(self._files[self._segment], self._bytes)
        except (OSError, KeyError):
            pass  # readers drop the torn tail, and the next write begins a new segment

    def _drop_segment(self, segment: int) -> None:
        os.close(self._files.pop(segment))
        try:
            os.unlink(self._path(segment))
        except OSError:
            pass  # gone already, or not ours to delete any more

    def _path(self, segment: int) -> str:
        return os.path.join(self._folder, f"{self._name}.{segment:06d}.spool")


def _write_fully(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        offset += written
        view = view[written:]
