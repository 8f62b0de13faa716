"""Brings the points of one process to the server exactly once. Two threads: one spools every 0.4 s, one sends and tries for ever."""

from __future__ import annotations

import os
import random
import re
import socket
import threading
import time
import uuid
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from .columns import encode_column
from .error import TrialgraphError
from .spool import Spool
from .transport import Transport

MAX_WAITING = 1_000_000
MAX_BATCH = 5000
MAX_SERIES = 500
FLUSH_SECONDS = 0.4
IDLE_POLL_SECONDS = 10.0
REQUEST_SECONDS = 10.0
SLOW_RETRY_SECONDS = 30.0
MAX_RETRY_AFTER_SECONDS = 60.0  # no answer may silence us for longer

Point = Tuple[str, int, float, float]  # key, step, time, value


class Sender:
    """`add` belongs to the training thread: it appends to a deque and returns."""

    def __init__(
        self,
        *,
        url: str,
        api_key: Optional[str],
        trial_id: Optional[str],
        attempt: int,
        create: Optional[Dict[str, Any]],
        folder: str,
        warn: Callable[[str], None],
    ) -> None:
        self.should_stop = False
        self.should_pause = False  # it should stop for now only; a stop for good may follow
        self.stop_reason: Optional[str] = None
        self.refused = 0
        self._url, self._api_key, self._trial_id, self._attempt = url, api_key, trial_id, attempt
        self._warn = warn
        self._warned: set[str] = set()
        self._waiting: Deque[Point] = deque()
        self._dropped_before = 0  # not spooled yet
        self._dropped_after = 0  # spooled, but not told yet
        self._cursor = 0
        self._fenced = False
        self._told = False
        self._closing = threading.Event()
        self._news = threading.Event()
        stream = f"sdk-{uuid.uuid4().hex[:8]}"  # a name of its own: several processes may record one attempt
        header = {"type": "spool", "version": 1, "url": url, "trialId": trial_id, "attempt": attempt, "stream": stream}
        self._spool = Spool(folder, {**header, "pid": os.getpid(), "host": socket.gethostname(), "create": create})
        self._writer_lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write_loop, name="trialgraph-spool", daemon=True)]
        if trial_id is not None:
            self._threads.append(threading.Thread(target=self._send_loop, name="trialgraph-send", daemon=True))
        for thread in self._threads:
            thread.start()

    def add(self, key: str, step: int, at: float, value: float) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self.drop()
            return
        self._waiting.append((key, step, at, value))

    def drop(self) -> None:
        self._dropped_before += 1

    def finish(self, end: Optional[Dict[str, Any]], limit_seconds: float) -> int:
        """Waits until the server has everything; the number of points that stay in the spool."""
        self._spool_waiting()
        self._dropped_after += self._dropped_before
        self._dropped_before = 0
        if end is not None:
            self._spool.write_end({"clientRequestId": str(uuid.uuid4()), **end})
        self._spool.sync()
        deadline = time.monotonic() + limit_seconds
        while self._trial_id is not None and not self._is_done() and time.monotonic() < deadline:
            self._news.set()
            time.sleep(0.01)
        is_done = self._trial_id is not None and self._is_done()
        self._closing.set()
        self._news.set()
        unsent = 0 if self._fenced else self._spool.end - self._cursor
        for thread in self._threads:
            thread.join(timeout=1.0)
        if is_done:
            self._spool.remove()
        else:
            self._spool.close()
        return unsent

    def _is_done(self) -> bool:
        if self._fenced:
            return True
        return self._cursor >= self._spool.end and (self._told or self._spool.end_record is None)

    def _write_loop(self) -> None:
        self._closing.wait(0.05)  # the first points show soon
        while not self._closing.is_set():
            self._spool_waiting()
            self._spool.sync()
            self._closing.wait(FLUSH_SECONDS)

    def _spool_waiting(self) -> None:
        with self._writer_lock:
            while True:
                points = self._take(MAX_BATCH)
                if not points:
                    break
                by_key: Dict[str, List[Point]] = {}
                for point in points:
                    by_key.setdefault(point[0], []).append(point)
                groups = list(by_key.items())
                for at in range(0, len(groups), MAX_SERIES):
                    batch = groups[at : at + MAX_SERIES]
                    dropped, self._dropped_before = self._dropped_before, 0
                    self._spool.append(sum(len(group) for _, group in batch), dropped, _columns(batch))
            if self._spool.failure:
                self._warn_once("disk", f"the spool cannot be written, points stay in memory: {self._spool.failure}")
            self._news.set()

    def _take(self, limit: int) -> List[Point]:
        points: List[Point] = []
        while len(points) < limit:
            try:
                points.append(self._waiting.popleft())
            except IndexError:
                break
        return points

    def _send_loop(self) -> None:
        transport = Transport(self._url, self._api_key)
        failures = 0
        while not self._closing.is_set() and not self._fenced:
            batch = self._spool.batch_at(self._cursor) if self._cursor < self._spool.end else None
            try:
                self._step(transport, batch)
                failures = 0
            except Exception as error:  # noqa: BLE001 - training must not notice us, whatever happens here
                failures += 1
                self._closing.wait(self._judge(error, batch, failures))
        transport.close()

    def _step(self, transport: Transport, batch: Optional[Dict[str, Any]]) -> None:
        if batch:
            self._send(transport, batch)
        elif self._cursor < self._spool.end:
            self._give_up(self._spool.end, self._spool.end - self._cursor)
        elif self._dropped_after:
            self._report(transport, None, [], 0)
        elif self._spool.end_record and not self._told:
            self._tell(transport, self._spool.end_record)
        elif not self._news.wait(IDLE_POLL_SECONDS):
            self._report(transport, None, [], 0)  # asks for the verdict, and shows that we live
        else:
            self._news.clear()

    def _send(self, transport: Transport, batch: Dict[str, Any]) -> None:
        if batch["seq"] > self._cursor:
            self._give_up(batch["seq"], batch["seq"] - self._cursor)
        skip = max(0, self._cursor - batch["seq"])
        series = _skip(batch["series"], skip) if skip else batch["series"]
        self._report(transport, batch, series, 0 if skip else batch["dropped"])

    def _report(self, transport: Transport, batch: Optional[Dict[str, Any]], series: List[Dict[str, Any]], dropped: int) -> None:
        from .generated.operations import REPORT_METRICS

        stream = self._spool.stream_at(self._cursor)
        dropped_after = self._dropped_after
        report = {
            "trialId": self._trial_id,
            "attempt": self._attempt,
            "stream": stream["name"],
            "seq": self._cursor - stream["base"],
            "series": series,
            "dropped": dropped + dropped_after,
        }
        ack = transport.request(REPORT_METRICS, {"input": report}, timeout=REQUEST_SECONDS)["reportMetrics"]
        if ack["outcome"] == "ACCEPTED":
            self._dropped_after -= dropped_after
        self._obey(ack, batch, stream["base"])

    def _obey(self, ack: Dict[str, Any], batch: Optional[Dict[str, Any]], base: int) -> None:
        verdict = ack["verdict"]
        pause = bool(verdict.get("pause"))  # absent of servers that know no schedulers
        if verdict["stop"] and (not self.should_stop or (self.should_pause and not pause)):
            self.stop_reason = verdict.get("reason")
            self.should_pause = pause
            self.should_stop = True
        if ack["outcome"] == "FENCED":
            self._fence("a newer attempt owns the trial")
            return
        expected = ack["nextSeq"] + base
        batch_end = batch["seq"] + batch["count"] if batch else self._cursor
        if ack["outcome"] == "CONFLICT":
            self._warn_once("conflict", "the server has other numbers under the same seq; its first ones stay")
            if expected >= batch_end:
                self._cursor = expected
            else:
                self._give_up(batch_end, batch_end - max(self._cursor, expected))
            return
        if batch and expected == self._cursor:
            raise RuntimeError(f"the server answers {ack['outcome']} and does not go on")
        if expected < self._spool.start:
            self._give_up(self._spool.start, self._spool.start - expected)
        elif expected > self._spool.end:
            self._give_up(self._cursor, 0)
        else:
            self._cursor = expected
            self._spool.ack(expected)

    def _give_up(self, seq: int, missing: int) -> None:
        """The server's stream cannot go on at our seq: continue at `seq` under another name, and count what is missing."""
        name = self._spool.stream_at(seq)["name"]
        number = re.search(r"\.(\d+)$", name)
        self._spool.restream(f"{self._spool.header['stream']}.{int(number.group(1)) + 1 if number else 1}", seq)
        self._cursor = seq
        self._dropped_after += missing
        if missing:
            self._warn_once("lost", f"{missing} points could not be kept; the trial shows how many")

    def _tell(self, transport: Transport, end: Dict[str, Any]) -> None:
        from .generated.operations import FINISH_TRIAL

        told = {name: value for name, value in end.items() if name != "type"}
        try:
            if told["state"] is None:
                told["state"] = self._state_after_stop(transport)
            finish = {"trialId": self._trial_id, "attempt": self._attempt, **told}
            transport.request(FINISH_TRIAL, {"input": finish}, timeout=REQUEST_SECONDS)
        except TrialgraphError as error:
            if error.retry != "never":
                raise
            self._warn(f"the server did not take the trial's end: {error}")
        self._told = True

    def _state_after_stop(self, transport: Transport) -> str:
        from .generated.operations import TRIAL_STOP

        trial = transport.request(TRIAL_STOP, {"id": self._trial_id}, timeout=REQUEST_SECONDS)["trial"]
        reason = trial and trial["stopReason"]
        return "PRUNED" if reason == "PRUNER" else "STOPPED" if reason else "COMPLETED"

    def _judge(self, error: Exception, batch: Optional[Dict[str, Any]], failures: int) -> float:
        """Seconds to wait after a failed request: full jitter."""
        if not isinstance(error, TrialgraphError) or error.retry != "never":
            return _retry_after(error) + random.uniform(0, min(5.0, 0.2 * 2 ** min(failures - 1, 10)))
        if error.code == "NOT_FOUND":
            self._fence("the trial does not exist any more")
            return 0.0
        if error.code in ("UNAUTHENTICATED", "FORBIDDEN") or batch is None:
            self._warn_once(error.code, f"the server refuses our key, points stay in the spool: {error}")
            return SLOW_RETRY_SECONDS
        self._warn_once(error.code, f"the server refuses some points: {error}")
        end = batch["seq"] + batch["count"]
        self._give_up(end, end - self._cursor)
        return 0.0

    def _fence(self, reason: str) -> None:
        self._fenced = True
        self.refused = self._spool.end - self._cursor
        self.stop_reason = reason if self.should_pause else self.stop_reason or reason
        self.should_pause = False
        self.should_stop = True
        self._warn(f"points are refused from now on: {reason}")

    def _warn_once(self, about: str, text: str) -> None:
        if about not in self._warned:
            self._warned.add(about)
            self._warn(text)


def _retry_after(error: Exception) -> float:
    """Seconds that the server asks us to wait at least; a full disk does not empty in a second."""
    said = error.data.get("retryAfterSeconds") if isinstance(error, TrialgraphError) else None
    return min(float(said), MAX_RETRY_AFTER_SECONDS) if isinstance(said, (int, float)) and said > 0 else 0.0


def _columns(groups: List[Tuple[str, List[Point]]]) -> List[Dict[str, Any]]:
    return [
        {
            "key": key,
            "steps": encode_column([point[1] for point in group]),
            "times": encode_column([point[2] for point in group]),
            "values": encode_column([point[3] for point in group]),
        }
        for key, group in groups
    ]


def _skip(series: List[Dict[str, Any]], points: int) -> List[Dict[str, Any]]:
    """The series without their first `points` points, counted through all of them."""
    from .columns import decode_column

    rest: List[Dict[str, Any]] = []
    for one in series:
        columns = {name: decode_column(one[name]) for name in ("steps", "times", "values")}
        cut = min(points, len(columns["steps"]))
        points -= cut
        if cut < len(columns["steps"]):
            rest.append({"key": one["key"], **{name: encode_column(column[cut:]) for name, column in columns.items()}})
    return rest
