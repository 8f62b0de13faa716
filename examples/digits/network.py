"""The network of `network.ts` in plain Python: one hidden layer, ReLU, inverted dropout, softmax cross-entropy, L2.

`network_numpy.py` does the same sums faster, and draws the same random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from random import Random

from data import CLASSES, PIXELS

MOMENTUM = 0.9

Matrix = list[list[float]]


class Network:
    """Weights and their momentum. `w1` is [h][64], `w2` is [10][h]; the last entry of each row is its bias."""

    def __init__(self, hidden_units: int, random: Random) -> None:
        """Normal weights of variance 2 / inputs (He et al. 2015, arXiv:1502.01852, equation 10), zero biases."""
        self.w1 = [normal_row(PIXELS, random) for _ in range(hidden_units)]
        self.w2 = [normal_row(hidden_units, random) for _ in range(CLASSES)]
        self._velocity1 = zeros_like(self.w1)
        self._velocity2 = zeros_like(self.w2)
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
        loss, gradient1, gradient2 = self.loss_and_gradient(images, labels, weight_decay=weight_decay, dropout=dropout)
        self.w1, self._velocity1 = descend(self.w1, self._velocity1, gradient1, learning_rate)
        self.w2, self._velocity2 = descend(self.w2, self._velocity2, gradient2, learning_rate)
        return loss

    def loss_and_gradient(
        self, images: Sequence[list[float]], labels: Sequence[int], *, weight_decay: float, dropout: float
    ) -> tuple[float, Matrix, Matrix]:
        """Returns (loss, d loss / d w1, d loss / d w2), loss being mean cross-entropy + ½ weight_decay |W|²."""
        gradient1 = [[*(weight_decay * weight for weight in row[:-1]), 0.0] for row in self.w1]
        gradient2 = [[*(weight_decay * weight for weight in row[:-1]), 0.0] for row in self.w2]
        loss = 0.5 * weight_decay * sum(w * w for row in (*self.w1, *self.w2) for w in row[:-1])
        share = 1 / len(images)
        columns2 = list(zip(*self.w2))  # [h + 1][10]
        for image, label in zip(images, labels):
            inputs = [*image, 1.0]
            hidden = self._hidden(inputs)
            if dropout > 0:
                hidden = [0.0 if self._random.random() < dropout else unit / (1 - dropout) for unit in hidden]
            errors, row_loss = cross_entropy(self._scores(hidden), label)
            loss += share * row_loss
            errors = [share * error for error in errors]
            gradient2 = [add_scaled(row, error, [*hidden, 1.0]) for row, error in zip(gradient2, errors)]
            for j, unit in enumerate(hidden):
                if unit == 0:
                    continue  # below zero or dropped: no gradient passes
                gradient1[j] = add_scaled(gradient1[j], dot(columns2[j], errors) / (1 - dropout), inputs)
        return loss, gradient1, gradient2

    def evaluate(self, images: Sequence[list[float]], labels: Sequence[int]) -> tuple[float, float]:
        """Returns (mean cross-entropy, share of right answers) without dropout."""
        loss = 0.0
        right = 0
        for image, label in zip(images, labels):
            scores = self._scores(self._hidden([*image, 1.0]))
            loss += cross_entropy(scores, label)[1]
            right += scores.index(max(scores)) == label
        return loss / len(images), right / len(images)

    def _hidden(self, inputs: list[float]) -> list[float]:
        return [max(0.0, dot(row, inputs)) for row in self.w1]

    def _scores(self, hidden: list[float]) -> list[float]:
        return [dot(row, [*hidden, 1.0]) for row in self.w2]


def cross_entropy(scores: Sequence[float], label: int) -> tuple[list[float], float]:
    """Returns (softmax(scores) less one at the label, -ln softmax(scores)[label])."""
    largest = max(scores)
    powers = [math.exp(score - largest) for score in scores]
    total = sum(powers)
    errors = [power / total for power in powers]
    errors[label] -= 1
    return errors, math.log(total) - (scores[label] - largest)


def descend(weights: Matrix, velocity: Matrix, gradient: Matrix, learning_rate: float) -> tuple[Matrix, Matrix]:
    """Returns the next (weights, velocity): Polyak 1964, in the form of Sutskever et al. 2013, ICML, equations 1, 2."""
    velocity = [
        [MOMENTUM * v - learning_rate * g for v, g in zip(*rows)] for rows in zip(velocity, gradient)
    ]
    return [[w + v for w, v in zip(*rows)] for rows in zip(weights, velocity)], velocity


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(map(mul, left, right))


def add_scaled(row: list[float], scale: float, other: list[float]) -> list[float]:
    return [value + scale * more for value, more in zip(row, other)]


def normal_row(inputs: int, random: Random) -> list[float]:
    return [*(random.gauss(0, math.sqrt(2 / inputs)) for _ in range(inputs)), 0.0]


def zeros_like(matrix: Matrix) -> Matrix:
    return [[0.0] * len(row) for row in matrix]
