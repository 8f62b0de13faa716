"""One HTTP exchange with the server, over a connection that is kept. Not for several threads at once."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
from typing import Any, Dict, Mapping, Optional
from urllib.parse import urlsplit

from .error import NetworkError, TrialgraphError, to_exception

STATUS_CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 413: "BODY_TOO_LARGE", 429: "RATE_LIMITED", 503: "OVERLOADED", 507: "STORAGE_FULL"}


class Transport:
    def __init__(self, url: str, api_key: Optional[str]) -> None:
        self._parts = urlsplit(url)
        self._base = self._parts.path.rstrip("/")
        self._url = url
        self._api_key = api_key
        self._connection: Optional[http.client.HTTPConnection] = None
        self._pid = os.getpid()

    def request(self, query: str, variables: Mapping[str, Any], *, timeout: float) -> Dict[str, Any]:
        """The operation's data. Raises the exception of the error's code, or NetworkError."""
        body = json.dumps({"query": query, "variables": variables}, allow_nan=False).encode("utf-8")
        headers = {"content-type": "application/json", "accept": "application/json"}
        status, text = self._exchange("POST", "/graphql", body, headers, timeout)
        try:
            said = json.loads(text)
            errors, data = said.get("errors"), said.get("data")
        except (ValueError, AttributeError):
            raise _from_status(status, text) from None
        if errors:
            raise to_exception(errors[0])
        if not isinstance(data, dict):
            raise _from_status(status, text)
        return data

    def upload(self, path: str, body: Any, size: int, *, timeout: float) -> None:
        """PUTs the bytes of an open file."""
        headers = {"content-type": "application/octet-stream", "content-length": str(size)}
        status, text = self._exchange("PUT", path, body, headers, timeout)
        if status >= 300:
            raise _from_status(status, text)

    def download(self, path: str, target: str, *, timeout: float) -> str:
        """GETs bytes into a file; their SHA-256 in hex."""
        headers = {"authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        digest = hashlib.sha256()
        try:
            connection = self._open(timeout)
            connection.request("GET", self._base + path, headers=headers)
            response = connection.getresponse()
            if response.status >= 300:
                raise _from_status(response.status, response.read().decode("utf-8", "replace"))
            with open(target, "wb") as file:
                for part in iter(lambda: response.read(1 << 20), b""):
                    digest.update(part)
                    file.write(part)
            if response.length:  # http.client does not say that an answer was cut short
                raise http.client.IncompleteRead(b"", response.length)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NetworkError(f"{self._url} does not answer: {error!r}") from error
        return digest.hexdigest()

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _exchange(self, method: str, path: str, body: Any, headers: Dict[str, str], timeout: float) -> Any:
        if self._api_key:
            headers["authorization"] = f"Bearer {self._api_key}"
        try:
            connection = self._open(timeout)
            connection.request(method, self._base + path, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NetworkError(f"{self._url} does not answer: {error!r}") from error

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        if self._pid != os.getpid():  # a forked child: the connection is its parent's
            self.close()
            self._pid = os.getpid()
        if self._connection is None:
            host, port = self._parts.hostname or "localhost", self._parts.port
            if self._parts.scheme == "https":
                context = ssl.create_default_context()
                self._connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
            else:
                self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        elif self._connection.sock:
            self._connection.sock.settimeout(timeout)
        return self._connection


def _from_status(status: int, text: str) -> TrialgraphError:
    message = f"HTTP {status}: {text[:200]}"
    if status in STATUS_CODES:
        return to_exception({"message": message, "extensions": {"code": STATUS_CODES[status]}})
    if 400 <= status < 500:
        return to_exception({"message": message, "extensions": {"code": "BAD_REQUEST"}})
    return NetworkError(message)
