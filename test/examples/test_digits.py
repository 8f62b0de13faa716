"""The Python network of examples/digits: its gradient, and a short real training. Run by digits.test.ts."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "digits"))

import data
import network

DIGITS = data.read_digits()
TRAIN_ROWS, TEST_ROWS = data.split_rows(DIGITS.labels, 0.2, 1)


def train_epochs(model: network.Network, epochs: int) -> float:
    train, test = DIGITS.take(TRAIN_ROWS), DIGITS.take(TEST_ROWS)
    rows = list(range(len(train.labels)))
    for _ in range(epochs):
        Random(1).shuffle(rows)
        for start in range(0, len(rows), 32):
            batch = train.take(rows[start : start + 32])
            model.train_batch(batch.images, batch.labels, learning_rate=0.05, weight_decay=1e-5, dropout=0.1)
    return model.evaluate(test.images, test.labels)[1]


class DigitsTest(unittest.TestCase):
    def test_gradient_is_what_finite_differences_find(self) -> None:
        step = 1e-6
        batch = DIGITS.take([0, 1, 2, 3, 4])
        for dropout in (0.0, 0.4):
            model = network.Network(6, Random(1))

            def loss_and_gradient() -> tuple[float, network.Matrix, network.Matrix]:
                model._random = Random(2)  # drops the same units every time
                return model.loss_and_gradient(batch.images, batch.labels, weight_decay=0.01, dropout=dropout)

            _, gradient1, gradient2 = loss_and_gradient()
            difference = size = 0.0
            for matrix, gradient in ((model.w1, gradient1), (model.w2, gradient2)):
                for row, slopes in zip(matrix, gradient):
                    for k, kept in enumerate(row):
                        row[k] = kept + step
                        above = loss_and_gradient()[0]
                        row[k] = kept - step
                        below = loss_and_gradient()[0]
                        row[k] = kept
                        slope = (above - below) / (2 * step)
                        difference += (slopes[k] - slope) ** 2
                        size += slope**2

            self.assertLess((difference / size) ** 0.5, 1e-6)

    def test_short_training_reads_nine_digits_in_ten(self) -> None:
        self.assertGreater(train_epochs(network.Network(24, Random(1)), 6), 0.9)

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "numpy is not installed")
    def test_numpy_takes_the_same_steps(self) -> None:
        import network_numpy

        plain = train_epochs(network.Network(8, Random(1)), 1)

        self.assertEqual(train_epochs(network_numpy.Network(8, Random(1)), 1), plain)


if __name__ == "__main__":
    unittest.main()
