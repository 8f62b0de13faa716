"""The training loop: shuffled mini-batches, one yield per epoch. Reports to its caller, never to a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from data import Digits

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the matrices are small; more threads only get in each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

try:
    from network_numpy import Network
except ModuleNotFoundError as error:
    if error.name != "numpy":
        raise
    from network import Network


@dataclass(frozen=True)
class Epoch:
    number: int  # from 1
    loss: float  # mean over the epoch's batches, with dropout and weight decay
    test_loss: float
    test_accuracy: float
    network: Network


def fit(params: dict[str, Any], train: Digits, test: Digits, *, epochs: int, seed: int) -> Iterator[Epoch]:
    """Yields after every epoch; the same seed and parameters give the same numbers. Stop by not asking for more."""
    random = Random(seed)
    batch_size = int(params["batch_size"])
    network = Network(int(params["hidden_units"]), random)
    rows = list(range(len(train.labels)))
    for number in range(1, epochs + 1):
        random.shuffle(rows)
        loss = 0.0
        for start in range(0, len(rows), batch_size):
            batch = train.take(rows[start : start + batch_size])
            batch_loss = network.train_batch(
                batch.images,
                batch.labels,
                learning_rate=float(params["learning_rate"]),
                weight_decay=float(params["weight_decay"]),
                dropout=float(params.get("dropout") or 0),  # absent where the search leaves it inactive
            )
            loss += batch_loss * len(batch.labels) / len(rows)
        test_loss, test_accuracy = network.evaluate(test.images, test.labels)
        yield Epoch(number, loss, test_loss, test_accuracy, network)
