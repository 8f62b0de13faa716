"""The handwritten digits: reads the committed file and splits it as `data.ts` does. Downloads nothing."""

from __future__ import annotations

import csv
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

PIXELS = 64
CLASSES = 10
BRIGHTEST = 16
DIGITS = Path(__file__).with_name("digits.csv.gz")


@dataclass(frozen=True)
class Digits:
    images: list[list[float]]  # [n][64], each in 0..1
    labels: list[int]  # [n], each in 0..9

    def take(self, rows: list[int]) -> Digits:
        """Returns the given rows, in the given order."""
        return Digits([self.images[row] for row in rows], [self.labels[row] for row in rows])


def read_digits(path: Path = DIGITS) -> Digits:
    """Returns all 1,797 images in the order of the file."""
    images: list[list[float]] = []
    labels: list[int] = []
    with gzip.open(path, "rt", encoding="ascii", newline="") as file:
        for *pixels, label in csv.reader(file):
            images.append([float(pixel) / BRIGHTEST for pixel in pixels])
            labels.append(int(label))
    return Digits(images, labels)


def split_rows(labels: list[int], test_share: float, seed: int) -> tuple[list[int], list[int]]:
    """Returns the row numbers of (train, test): of every class, `test_share` (0..1) goes to test.

    Rows are ordered by a hash of seed and row number, so `data.ts` arrives at the same split.
    """

    def key(row: int) -> str:
        return hashlib.sha256(f"{seed}:{row}".encode()).hexdigest()

    shuffled = sorted(range(len(labels)), key=key)
    train: list[int] = []
    test: list[int] = []
    for label in range(CLASSES):
        rows = [row for row in shuffled if labels[row] == label]
        test_count = int(len(rows) * test_share + 0.5)
        test += rows[:test_count]
        train += rows[test_count:]
    return train, test
