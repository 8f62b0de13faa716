"""Builders for the parameters of a search space."""

from __future__ import annotations

from typing import Any, Dict, Sequence


def float(low: float, high: float, **options: Any) -> Dict[str, Any]:  # noqa: A001 - reads as space.float
    """A real number in [low, high]; options: log, step, default, when."""
    return {"kind": "float", "low": low, "high": high, **options}


def int(low: int, high: int, **options: Any) -> Dict[str, Any]:  # noqa: A001 - reads as space.int
    """An integer in [low, high]; options: log, step, default, when."""
    return {"kind": "int", "low": low, "high": high, **options}


def choice(choices: Sequence[Any], **options: Any) -> Dict[str, Any]:
    """One of unordered choices."""
    return {"kind": "categorical", "choices": list(choices), **options}


def ordinal(values: Sequence[Any], **options: Any) -> Dict[str, Any]:
    """One of ordered values."""
    return {"kind": "ordinal", "values": list(values), **options}


def boolean(**options: Any) -> Dict[str, Any]:
    return {"kind": "boolean", **options}
