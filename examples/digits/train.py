"""Trains one network and reports every epoch: alone with the defaults, or under a search with the values it proposes.

Needs nothing but Python and Trialgraph's SDK; uses numpy when it is there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from data import read_digits, split_rows
from fit import Epoch, fit

try:
    import trialgraph
except ModuleNotFoundError:  # not installed: this repository's own
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sdk" / "python"))
    import trialgraph

EPOCHS = 20
SEED = 1
TEST_SHARE = 0.2
DEFAULTS = {"learning_rate": 0.03, "hidden_units": 32, "batch_size": 32, "weight_decay": 1e-5, "dropout": 0.0}


def main() -> None:
    digits = read_digits()
    train_rows, test_rows = split_rows(digits.labels, TEST_SHARE, SEED)
    train, test = digits.take(train_rows), digits.take(test_rows)
    with trialgraph.init(project="examples", experiment="digits-python", params=DEFAULTS) as trial:
        for epoch in fit({**DEFAULTS, **trial.params}, train, test, epochs=EPOCHS, seed=SEED):
            trial.log(
                {"loss": epoch.loss, "test/loss": epoch.test_loss, "test/accuracy": epoch.test_accuracy},
                step=epoch.number,
            )
            print(f"epoch {epoch.number}  loss {epoch.loss:.4f}  test accuracy {epoch.test_accuracy:.4f}", flush=True)
            if trial.should_stop():
                return
        with tempfile.TemporaryDirectory(prefix="digits-") as folder:
            trial.log_artifact(str(save_weights(epoch, Path(folder))), name="weights", kind="model")


def save_weights(epoch: Epoch, folder: Path) -> Path:
    """Returns the path of a JSON file; each row of a matrix ends with its bias."""
    matrices = {name: [list(map(float, row)) for row in getattr(epoch.network, name)] for name in ("w1", "w2")}
    path = folder / "weights.json"
    path.write_text(json.dumps(matrices), encoding="ascii")
    return path


if __name__ == "__main__":
    main()
