"""Asks for trials and tells. It pauses when it is asked to, and goes on from the checkpoint that it is given.

Prints a line `trial attempt epoch` an epoch.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "sdk" / "python"))

import trialgraph  # noqa: E402

EPOCHS = 9
EPOCH_SECONDS = 0.9  # longer than a verdict takes to arrive

experiment = trialgraph.Client().experiment(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    state = Path(os.path.join(folder, "state.json"))
    while True:
        trial = experiment.ask()
        if trial is None:
            break
        with trial:
            epoch = json.loads(state.read_text())["epoch"] if trial.load_checkpoint(str(state)) else 0
            while epoch < EPOCHS and not trial.should_stop():
                epoch += 1
                print(trial.number, trial.attempt, epoch, flush=True)
                trial.log({"loss": trial.params["x"] + 1 / epoch}, step=epoch)
                time.sleep(EPOCH_SECONDS)
            if trial.should_pause():
                state.write_text(json.dumps({"epoch": epoch}))
                trial.save_checkpoint(str(state))
