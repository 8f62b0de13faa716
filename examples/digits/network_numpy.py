"""`network.py` over whole batches with numpy: the same weights, random numbers and updates, up to rounding."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from data import CLASSES, PIXELS
from network import MOMENTUM, normal_row


class Network:
    """As in `network.py`: `w1` is [h, 65], `w2` is [10, h + 1], biases in the last column."""

    def __init__(self, hidden_units: int, random: Random) -> None:
        self.w1 = np.array([normal_row(PIXELS, random) for _ in range(hidden_units)])
        self.w2 = np.array([normal_row(hidden_units, random) for _ in range(CLASSES)])
        self._velocity1 = np.zeros_like(self.w1)
        self._velocity2 = np.zeros_like(self.w2)
        self._random = random

    def train_batch(
        self,
        images: Sequence[list[float]],
        labels: Sequence[int],
        *,
        learning_rate: float,
        weight_decay: float,
        dropout: float,
    ) -> float:
        """Takes one step of gradient descent with momentum and returns the batch's loss before it."""
        inputs = with_ones(np.array(images))  # [n, 65]
        hidden = np.maximum(0, inputs @ self.w1.T)  # [n, h]
        if dropout > 0:
            draws = [[self._random.random() for _ in row] for row in hidden]
            hidden = np.where(np.array(draws) < dropout, 0, hidden / (1 - dropout))
        errors, losses = cross_entropy(with_ones(hidden) @ self.w2.T, np.array(labels))
        errors /= len(inputs)  # [n, 10]
        hidden_errors = (errors @ self.w2[:, :-1]) * (hidden > 0) / (1 - dropout)  # [n, h]

        decay1, decay2 = without_biases(self.w1), without_biases(self.w2)
        loss = losses.mean() + 0.5 * weight_decay * (np.sum(decay1**2) + np.sum(decay2**2))
        gradient1 = hidden_errors.T @ inputs + weight_decay * decay1
        gradient2 = errors.T @ with_ones(hidden) + weight_decay * decay2
        self._velocity1 = MOMENTUM * self._velocity1 - learning_rate * gradient1
        self._velocity2 = MOMENTUM * self._velocity2 - learning_rate * gradient2
        self.w1 = self.w1 + self._velocity1
        self.w2 = self.w2 + self._velocity2
        return float(loss)

    def evaluate(self, images: Sequence[list[float]], labels: Sequence[int]) -> tuple[float, float]:
        """Returns (mean cross-entropy, share of right answers) without dropout."""
        hidden = np.maximum(0, with_ones(np.array(images)) @ self.w1.T)
        scores = with_ones(hidden) @ self.w2.T
        losses = cross_entropy(scores, np.array(labels))[1]
        return float(losses.mean()), float(np.mean(scores.argmax(axis=1) == labels))


def cross_entropy(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns (softmax less one at each label [n, 10], -ln of each label's probability [n])."""
    rows = np.arange(len(labels))
    margins = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(margins)
    totals = powers.sum(axis=1)
    errors = powers / totals[:, None]
    errors[rows, labels] -= 1
    return errors, np.log(totals) - margins[rows, labels]


def with_ones(matrix: np.ndarray) -> np.ndarray:
    return np.hstack([matrix, np.ones((len(matrix), 1))])


def without_biases(weights: np.ndarray) -> np.ndarray:
    copy = weights.copy()
    copy[:, -1] = 0
    return copy
