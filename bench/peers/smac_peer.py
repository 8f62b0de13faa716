"""SMAC3: `smac_peer.py hpo | blackbox`, its facades for hyperparameters (a random forest) and for few numbers (a GP)."""

import logging
import sys
import tempfile
from importlib.metadata import version

from ConfigSpace import (
    AndConjunction,
    CategoricalHyperparameter,
    ConfigurationSpace,
    GreaterThanCondition,
    InCondition,
    LessThanCondition,
    OrConjunction,
    OrdinalHyperparameter,
    UniformFloatHyperparameter,
    UniformIntegerHyperparameter,
)
from lines import answer_lines
from smac import BlackBoxFacade, HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue
from smac.runhistory.enumerations import StatusType

FACADES = {"hpo": HyperparameterOptimizationFacade, "blackbox": BlackBoxFacade}


class Peer:
    version = version("smac")

    def __init__(self, kind, message):
        self.name = f"smac-{kind}"
        self.parameters = message["space"]["parameters"]
        self.sign = -1 if message["directions"][0] == "maximize" else 1
        self.folder = tempfile.TemporaryDirectory()
        scenario = Scenario(
            space_of(self.parameters, message["seed"]),
            deterministic=True,
            n_trials=message["trials"],
            seed=message["seed"],
            output_directory=self.folder.name,
        )
        self.smac = FACADES[kind](scenario, lambda config, seed=0: 0.0, overwrite=True, logging_level=logging.ERROR)
        self.running = {}

    def ask(self):
        trial = self.smac.ask()
        number = len(self.running)
        self.running[number] = trial
        config = dict(trial.config)
        return number, {
            one["name"]: value_of(one, config[one["name"]]) for one in self.parameters if one["name"] in config
        }

    def tell(self, number, message):
        failed = message.get("state") == "FAILED"
        value = (
            TrialValue(cost=float("inf"), status=StatusType.CRASHED)
            if failed
            else TrialValue(cost=self.sign * message["values"][0])
        )
        # Writing its files after each trial is no part of what is compared.
        self.smac.tell(self.running[number], value, save=False)


def space_of(parameters, seed):
    space = ConfigurationSpace(seed=seed)
    pairs = {one["name"]: (node(one), one) for one in parameters}
    space.add(*(made for made, _ in pairs.values()))
    space.add(*(condition(made, one["when"], pairs) for made, one in pairs.values() if "when" in one))
    return space


def node(parameter):
    name, kind = parameter["name"], parameter["kind"]
    if kind == "float" and parameter.get("step") is None:
        return UniformFloatHyperparameter(name, parameter["low"], parameter["high"], log=parameter["log"])
    if kind == "int" and parameter["step"] == 1:
        return UniformIntegerHyperparameter(name, parameter["low"], parameter["high"], log=parameter["log"])
    if kind in ("float", "int"):
        raise ValueError("steps")
    # Texts, as it compares values by what Python thinks equal.
    if kind == "ordinal":
        return OrdinalHyperparameter(name, [str(k) for k in range(len(parameter["values"]))])
    return CategoricalHyperparameter(name, [str(k) for k in range(len(choices_of(parameter)))])


def choices_of(parameter):
    return [False, True] if parameter["kind"] == "boolean" else parameter["choices"]


def condition(child, when, pairs):
    if "all" in when:
        return AndConjunction(*(condition(child, part, pairs) for part in when["all"]))
    if "any" in when:
        return OrConjunction(*(condition(child, part, pairs) for part in when["any"]))
    parent, declared = pairs[when["param"]]
    if "in" in when:
        return InCondition(child, parent, [place(declared, value) for value in when["in"]])
    if "above" in when:
        return GreaterThanCondition(child, parent, when["above"])
    return LessThanCondition(child, parent, when["below"])


def place(parameter, value):
    if parameter["kind"] in ("float", "int"):
        return value
    return str((parameter["values"] if parameter["kind"] == "ordinal" else choices_of(parameter)).index(value))


def value_of(parameter, drawn):
    kind = parameter["kind"]
    if kind == "float":
        return min(max(float(drawn), parameter["low"]), parameter["high"])
    if kind == "int":
        return int(drawn)
    return (parameter["values"] if kind == "ordinal" else choices_of(parameter))[int(drawn)]


if __name__ == "__main__":
    answer_lines(lambda message: Peer(sys.argv[1], message))
