"""Runs Optuna on lcbench tasks in virtual time and appends what it came to: python lcbench.py 10,14 3 1,16 200 >> lcbench.jsonl

Arguments: places of tasks in tasks.json, seeds, workers, and how many whole trainings' time each run is given in all.
Needs optuna, onnxruntime and numpy. Default settings, but for the pruner's resources: 1 to 52 epochs.
"""

import heapq
import json
import pathlib
import sys

import numpy
import onnxruntime
import optuna

DATA = pathlib.Path(__file__).parent.parent / "data" / "lcbench"
EPOCHS = 52
TASKS = list(json.loads((DATA / "tasks.json").read_text()).values())
session = onnxruntime.InferenceSession(str(DATA / "model.onnx"))
optuna.logging.set_verbosity(optuna.logging.ERROR)


def curve(task, x):
    """Value after each epoch, and the seconds that one takes."""
    rows = [[epoch, *x] for epoch in range(1, EPOCHS + 1)]
    codes = numpy.full((EPOCHS, 1), task, dtype=numpy.int32)
    out = session.run(None, {"x_cat": codes, "x_cont": numpy.array(rows, dtype=numpy.float32)})[0]
    return out[:, 2].astype(float).tolist(), float(out[-1, 0]) / EPOCHS


def suggest(trial):
    return [
        trial.suggest_int("batch_size", 16, 512, log=True),
        trial.suggest_float("learning_rate", 1e-4, 0.1, log=True),
        trial.suggest_float("momentum", 0.1, 0.99),
        trial.suggest_float("weight_decay", 1e-5, 0.1),
        trial.suggest_int("num_layers", 1, 5),
        trial.suggest_int("max_units", 64, 1024, log=True),
        trial.suggest_float("max_dropout", 0, 1),
    ]


def run(study, task, workers, seconds):
    queue, improvements, best, now = [], [], float("inf"), 0.0
    for order in range(10**9):
        while len(queue) < workers:
            trial = study.ask()
            values, each = curve(task, suggest(trial))
            heapq.heappush(queue, (now + each, len(queue) + order * workers, 1, each, values, trial))
        now, _, epoch, each, values, trial = heapq.heappop(queue)
        if now > seconds:
            return improvements
        value = values[epoch - 1]
        trial.report(value, epoch)
        if epoch == EPOCHS:
            study.tell(trial, value)
            if value < best:
                best = value
                improvements.append([now, value])
        elif trial.should_prune():
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            heapq.heappush(queue, (now + each, order * workers, epoch + 1, each, values, trial))


def mean_seconds(task):
    rng = numpy.random.default_rng(0)
    log = lambda low, high: numpy.exp(rng.uniform(numpy.log(low), numpy.log(high), 400))
    x = numpy.stack(
        [
            numpy.full(400, EPOCHS),
            log(16, 512).round(),
            log(1e-4, 0.1),
            rng.uniform(0.1, 0.99, 400),
            rng.uniform(1e-5, 0.1, 400),
            rng.integers(1, 6, 400),
            log(64, 1024).round(),
            rng.uniform(0, 1, 400),
        ],
        axis=1,
    ).astype(numpy.float32)
    codes = numpy.full((400, 1), task, dtype=numpy.int32)
    return float(session.run(None, {"x_cat": codes, "x_cont": x})[0][:, 0].mean())


def main():
    places, seeds, workers, trainings = sys.argv[1:5]
    for place in map(int, places.split(",")):
        seconds_each = mean_seconds(TASKS[place])
        for count in map(int, workers.split(",")):
            for seed in range(int(seeds)):
                study = optuna.create_study(
                    sampler=optuna.samplers.TPESampler(seed=seed),
                    pruner=optuna.pruners.HyperbandPruner(min_resource=1, max_resource=EPOCHS, reduction_factor=3),
                )
                limit = seconds_each * int(trainings) / count
                line = {
                    "peer": "Optuna TPE + Hyperband",
                    "version": optuna.__version__,
                    "task": place,
                    "seed": seed,
                    "workers": count,
                    "improvements": run(study, TASKS[place], count, limit),
                    "seconds": limit,
                }
                print(json.dumps(line), flush=True)


main()
