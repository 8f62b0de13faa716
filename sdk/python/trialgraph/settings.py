"""Where the SDK speaks and how it behaves: arguments, then variables, then the server of this folder, then the kept login."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple
from urllib.parse import urlsplit

DEFAULT_URL = "http://localhost:7777"
MODES = ("online", "offline", "disabled")


@dataclass(frozen=True)
class Settings:
    url: str
    api_key: Optional[str]
    mode: str
    trial_id: Optional[str]  # set by a runner: this program executes that trial
    attempt: int
    project: str
    experiment: str
    spool_folder: str
    quiet: bool


def read_settings(
    *,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    mode: Optional[str] = None,
    project: Optional[str] = None,
    experiment: Optional[str] = None,
    spool_folder: Optional[str] = None,
    quiet: Optional[bool] = None,
) -> Settings:
    """Raises ValueError when the mode is none of the three."""
    found_url, found_key = _find_server(url or _variable("URL"), api_key or _variable("API_KEY"))
    chosen = mode or _variable("MODE") or "online"
    if chosen not in MODES:
        raise ValueError(f"mode {chosen} is none of {', '.join(MODES)}")
    return Settings(
        url=found_url.rstrip("/"),
        api_key=found_key,
        mode=chosen,
        trial_id=_variable("TRIAL_ID"),
        attempt=int(_variable("ATTEMPT") or 1),
        project=project or _variable("PROJECT") or "default",
        experiment=experiment or _variable("EXPERIMENT") or "default",
        spool_folder=spool_folder or _variable("SPOOL_DIR") or os.path.join(tempfile.gettempdir(), "trialgraph-spool"),
        quiet=quiet if quiet is not None else (_variable("QUIET") or "").lower() in ("1", "true", "yes"),
    )


def is_silent_rank() -> bool:
    """True in the workers of a distributed job that are not the first: one process records for all."""
    rank = os.environ.get("RANK", "0")
    return rank.isdigit() and int(rank) > 0


def _variable(name: str) -> Optional[str]:
    return os.environ.get(f"TRIALGRAPH_{name}") or None


def _find_server(url: Optional[str], api_key: Optional[str]) -> Tuple[str, Optional[str]]:
    """A key from a file is used only for the server that the file names."""
    if url and api_key:
        return url, api_key
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for path in (Path(".trialgraph/client.json"), config / "trialgraph" / "credentials.json"):
        try:
            kept = json.loads(path.read_text("utf-8"))
            kept_url, kept_key = str(kept["url"]), str(kept["apiKey"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if not url or urlsplit(url).netloc == urlsplit(kept_url).netloc:
            return url or kept_url, api_key or kept_key
    return url or DEFAULT_URL, api_key
