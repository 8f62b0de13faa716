"""Numbers as they travel: columns are base64 of packed little-endian float64; single ones are JSON or a name."""

from __future__ import annotations

import base64
import math
import struct
from typing import Any, List, Mapping, Sequence, Union


def encode_column(values: Sequence[float]) -> str:
    """Base64 text of `values`; every bit is kept."""
    return base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode("ascii")


def decode_column(text: str) -> List[float]:
    data = base64.b64decode(text)
    return list(struct.unpack(f"<{len(data) // 8}d", data))


def encode_float(value: float) -> Union[float, str]:
    """JSON form of any float64: what JSON cannot say is a string."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else value


def to_json(value: Any) -> Any:
    """What JSON can say of any value, as a hyperparameter: scalars of numpy and torch are numbers, the unknown is its text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else encode_float(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(one) for one in value]
    try:
        plain = value.item()
    except Exception:  # noqa: BLE001 - no such method, or more than one number
        return str(value)
    return to_json(plain) if type(plain) is not type(value) else str(value)
