"""A running trial as training code sees it. Nothing here waits for the network, except `finish`, `tell` and `log_artifact`."""

from __future__ import annotations

import atexit
import hashlib
import os
import signal
import sys
import threading
import time
import traceback
import weakref
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Dict, Mapping, Optional, Type

from .columns import encode_float
from .sender import Sender

MAX_KEY_BYTES = 256
MAX_STEP = 2**53 - 1
EXIT_SECONDS = 5.0
UPLOAD_ATTEMPTS = 5


@dataclass(frozen=True)
class Verdict:
    """What a training loop is told."""

    stop: bool
    reason: Optional[str]
    pause: bool = False  # it should stop for now: save a checkpoint and end; it may be resumed from there


class Trial:
    """Made by `trialgraph.init` and `Experiment.ask`. As a context manager it tells how it was left."""

    def __init__(
        self,
        *,
        id: str,
        number: int,
        attempt: int,
        params: Mapping[str, Any],
        checkpoint: Optional[Dict[str, Any]] = None,
        objective: str,
        tells_end: bool,
        make_sender: Optional[Callable[[], Sender]],
        client: Optional[Any],
        finish_seconds: float,
        warn: Callable[[str], None],
        seed: Optional[int] = None,
    ) -> None:
        self.id, self.number, self.attempt = id, number, attempt
        self.params: Dict[str, Any] = dict(params)
        self.checkpoint = checkpoint  # what this attempt goes on from, its own or its parent's; None: it begins anew
        #: What to seed randomness with, in a search that tries points several times; else None.
        self.seed = seed
        self._objective, self._tells_end, self._client = objective, tells_end, client
        self._make_sender = make_sender
        self._sender = make_sender() if make_sender else None
        self._finish_seconds, self._warn = finish_seconds, warn
        self._keys: Dict[str, bool] = {}
        self._warned: set[str] = set()
        self._next_step = 0
        self._finished = False
        self._knows_pause = False  # the loop was told that it should pause, so an end without another word is one
        self._is_forked = False
        if self._sender:
            _watch(self)

    def log(self, data: Mapping[str, Any], step: Optional[int] = None) -> None:
        """Records numbers of one step, in microseconds. Never raises; NaN, infinities and scalars of numpy or torch are fine."""
        sender = self._sender
        if self._finished or (sender is None and not self._is_forked):
            return
        try:
            if sender is None:
                sender = self._revive()
            at = time.time()
            number = self._step(step)
            for key, value in data.items():
                self._log_one(sender, key, number, at, value)
        except Exception as error:  # noqa: BLE001 - training must not notice us
            self._warn_once("log", f"a value was not logged: {error!r}")

    def report(self, value: Any, step: Optional[int] = None) -> Verdict:
        """Records the objective's metric, and says what the server thinks of the trial by now."""
        self.log({self._objective: value}, step)
        return Verdict(self.should_stop(), self.stop_reason, self._knows_pause)

    def should_stop(self) -> bool:
        """True once the pruner, a person or a newer attempt wants this one to end, for now or for good. Reads a flag."""
        if self._sender is None or not self._sender.should_stop:
            return False
        self._knows_pause = self._sender.should_pause
        return True

    def should_pause(self) -> bool:
        """True while it should stop for now only: save a checkpoint with `save_checkpoint`, and end."""
        return self.should_stop() and self._knows_pause

    @property
    def stop_reason(self) -> Optional[str]:
        return self._sender.stop_reason if self._sender else None

    def log_artifact(self, path: str, name: Optional[str] = None, kind: str = "file") -> Optional[Dict[str, Any]]:
        """Uploads one file and returns it once committed; None when disabled or offline."""
        if self._client is None:
            if self._sender:
                self._warn_once("artifact", f"{path} is not uploaded: this trial is recorded offline")
            return None
        return _upload(self._client, self.id, self.attempt, path, name, kind)

    def save_checkpoint(self, path: str) -> Optional[Dict[str, Any]]:
        """Uploads a file that a later attempt, or offspring, goes on from. The newest counts, once this returns."""
        return self.log_artifact(path, "checkpoint", "checkpoint")

    def load_checkpoint(self, path: str) -> bool:
        """Writes the bytes of `checkpoint` to `path`, whole or not at all; False when there is none."""
        if self.checkpoint is None or self._client is None:
            return False
        self._client.download(self.checkpoint["downloadPath"], path, self.checkpoint["sha256"])
        return True

    def tell(self, value: Any, state: str = "COMPLETED") -> None:
        """Ends the trial with the value of its objective, or a list or tuple of one value per objective."""
        several = isinstance(value, (list, tuple))
        told = [encode_float(float(one)) for one in value] if several else encode_float(float(value))
        self._end(state, told, None, self._finish_seconds)

    def finish(self, state: Optional[str] = None, message: Optional[str] = None) -> None:
        """Ends the trial and waits until the server has every number; what it cannot take in time stays in the spool."""
        self._end(state, None, message, self._finish_seconds)

    def __enter__(self) -> "Trial":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if kind is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self.finish()
        elif issubclass(kind, (KeyboardInterrupt, SystemExit)):
            self._end("STOPPED", None, f"ended by {kind.__name__}", EXIT_SECONDS)
        else:
            self.finish("FAILED", "".join(traceback.format_exception(kind, error, trace))[-4000:])

    def _end(self, state: Optional[str], value: Any, message: Optional[str], limit_seconds: float) -> None:
        if self._finished or self._sender is None:
            return
        self._finished = True
        _trials.discard(self)
        end = None
        pauses = state == "PAUSED" or (state is None and self._knows_pause)
        if self._tells_end or value is not None or pauses:  # under a runner only a told value or a pause is worth a word
            polite = None if self._sender.should_stop else "COMPLETED"  # None: as it was asked to; the server knows by whom
            end = {"state": state or ("PAUSED" if pauses else polite), "value": value, "message": message}
            if isinstance(value, list):
                end.update(value=None, objectiveValues=value)
        unsent = self._sender.finish(end, limit_seconds)
        if self._sender.refused:
            self._warn(f"{self._sender.refused} points were refused: a newer attempt owns the trial")
        elif unsent and self._client is not None:
            self._warn(f"{unsent} points are not sent; `trialgraph spool sync` sends what is left")

    def _log_one(self, sender: Sender, key: str, step: int, at: float, value: Any) -> None:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError):
            sender.drop()
            self._warn_once(str(key), f"{key} is not logged: {type(value).__name__} is not a number")
            return
        legal = self._keys.get(key)
        if legal is None:
            legal = self._keys[key] = self._is_legal(key)
        if legal:
            sender.add(key, step, at, number)
        else:
            sender.drop()

    def _is_legal(self, key: Any) -> bool:
        legal = isinstance(key, str) and 0 < len(key.encode("utf-8")) <= MAX_KEY_BYTES
        legal = legal and all(ord(character) >= 32 and ord(character) != 127 for character in key)
        if not legal:
            self._warn(f"{str(key)[:40]} is not logged: a key has 1 to 256 bytes and no control characters")
        return legal

    def _step(self, given: Optional[int]) -> int:
        step = self._next_step if given is None else int(given)
        if abs(step) > MAX_STEP:
            self._warn_once("step", f"step {given} is too large; counting by itself")
            step = self._next_step
        self._next_step = step + 1
        return step

    def _warn_once(self, about: str, text: str) -> None:
        if about not in self._warned:
            self._warned.add(about)
            self._warn(text)

    def _after_fork(self) -> None:
        """In a forked child: nothing until it logs, and the parent tells the end."""
        self._tells_end = False
        self._is_forked = self._sender is not None and not self._finished
        self._sender = None

    def _revive(self) -> Sender:
        """A stream of this child's own."""
        assert self._make_sender is not None  # _is_forked says that there was a sender
        self._sender = self._make_sender()
        util = sys.modules.get("multiprocessing.util")
        if util:  # its children end without atexit
            util.Finalize(None, _finish_all, exitpriority=0)
        return self._sender


_trials: "weakref.WeakSet[Trial]" = weakref.WeakSet()
_installed = False


def _watch(trial: Trial) -> None:
    global _installed
    _trials.add(trial)
    if _installed:
        return
    _installed = True
    atexit.register(_finish_all)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_fork_all)
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end_by_signal)


def _end_by_signal(number: int, frame: Any) -> None:
    raise SystemExit(128 + number)  # unwinds `with` blocks, then exits by way of _finish_all


def _finish_all() -> None:
    crashed = getattr(sys, "last_value", None)
    for trial in list(_trials):
        if crashed is not None:
            trial._end("FAILED", None, repr(crashed), EXIT_SECONDS)
        else:
            trial._end(None, None, None, EXIT_SECONDS)


def _fork_all() -> None:
    for trial in list(_trials):
        trial._after_fork()


def _upload(client: Any, trial_id: str, attempt: int, path: str, name: Optional[str], kind: str) -> Dict[str, Any]:
    from .generated.operations import BEGIN_ARTIFACT, COMMIT_ARTIFACT

    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    file_name = os.path.basename(path)
    wanted = {"trialId": trial_id, "attempt": attempt, "name": name or file_name, "kind": kind, "fileName": file_name}
    size = os.path.getsize(path)
    begun = client.request(BEGIN_ARTIFACT, {"input": {**wanted, "sizeBytes": size, "sha256": digest.hexdigest()}})["beginArtifact"]
    client.upload(begun["uploadPath"], path, size)
    return client.request(COMMIT_ARTIFACT, {"id": begun["artifact"]["id"]})["commitArtifact"]
