"""Optuna: `optuna_peer.py tpe | gp | cmaes | nsga2 | random`, each at its defaults, in memory; `tpe-sqlite` keeps the study in a file."""

import os
import sys
import tempfile
import warnings

import optuna
from lines import answer_lines, is_active

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "gp": optuna.samplers.GPSampler,
    "cmaes": optuna.samplers.CmaEsSampler,
    "nsga2": optuna.samplers.NSGAIISampler,
    "random": optuna.samplers.RandomSampler,
}
TAKES_CONSTRAINTS = {"tpe", "gp", "nsga2"}


class Peer:
    version = optuna.__version__

    def __init__(self, kind, message):
        self.name = f"optuna-{kind}"
        kind, _, storage = kind.partition("-")
        self.parameters = message["space"]["parameters"]
        options = {"seed": message["seed"]}
        if message["constrained"] and kind in TAKES_CONSTRAINTS:
            options["constraints_func"] = lambda trial: trial.user_attrs["constraints"]
        self.folder = tempfile.TemporaryDirectory() if storage else None
        file = None if self.folder is None else f"{storage}:///{os.path.join(self.folder.name, 'study.db')}"
        self.study = optuna.create_study(
            directions=message["directions"], sampler=SAMPLERS[kind](**options), storage=file
        )
        self.running = {}

    def ask(self):
        trial = self.study.ask()
        params = {}
        for parameter in self.parameters:
            if is_active(parameter, params):
                params[parameter["name"]] = suggest(trial, parameter)
        self.running[trial.number] = trial
        return trial.number, params

    def fill(self, message):
        """Adds finished trials of these params, floats all, without asking for them."""
        distributions = {
            parameter["name"]: optuna.distributions.FloatDistribution(parameter["low"], parameter["high"])
            for parameter in self.parameters
        }
        self.study.add_trials(
            optuna.trial.create_trial(params=params, distributions=distributions, values=[value])
            for params, value in zip(message["params"], message["values"])
        )

    def tell(self, number, message):
        trial = self.running.pop(number)
        if message.get("constraints") is not None:
            trial.set_user_attr("constraints", message["constraints"])
        if message.get("state") == "FAILED":
            self.study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            self.study.tell(trial, message["values"])


def suggest(trial, parameter):
    """As someone would who knows Optuna: what is ordered is an integer, as its categoricals know no order."""
    name, kind = parameter["name"], parameter["kind"]
    if kind == "float":
        step = parameter.get("step")
        return trial.suggest_float(name, parameter["low"], parameter["high"], log=parameter["log"], step=step)
    if kind == "int":
        return trial.suggest_int(
            name, parameter["low"], parameter["high"], log=parameter["log"], step=parameter["step"]
        )
    if kind == "ordinal":
        return parameter["values"][trial.suggest_int(name, 0, len(parameter["values"]) - 1)]
    return trial.suggest_categorical(name, [False, True] if kind == "boolean" else parameter["choices"])


if __name__ == "__main__":
    answer_lines(lambda message: Peer(sys.argv[1], message))
