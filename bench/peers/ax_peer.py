"""Ax, which is BoTorch as its authors offer it: `ax_peer.py ax`, the strategy that it chooses itself. No conditions are taken."""

import logging
import sys
import warnings
from importlib.metadata import version

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from lines import answer_lines

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
torch.set_num_threads(1)


class Peer:
    name = "ax"
    version = version("ax-platform")

    def __init__(self, message):
        self.parameters = message["space"]["parameters"]
        self.client = Client(random_seed=message["seed"])
        self.client.configure_experiment(parameters=[node(parameter) for parameter in self.parameters])
        self.client.configure_optimization(objective="value" if message["directions"][0] == "maximize" else "-value")

    def ask(self):
        ((number, drawn),) = self.client.get_next_trials(max_trials=1).items()
        return number, {one["name"]: value_of(one, drawn[one["name"]]) for one in self.parameters}

    def tell(self, number, message):
        if message.get("state") == "FAILED":
            self.client.mark_trial_failed(trial_index=number)
        else:
            self.client.complete_trial(trial_index=number, raw_data={"value": message["values"][0]})


def node(parameter):
    """What is ordered is an integer, as for the other peers."""
    if "when" in parameter:
        raise ValueError("conditions")
    name, kind = parameter["name"], parameter["kind"]
    if kind == "float" and not parameter.get("step"):
        scaling = "log" if parameter["log"] else "linear"
        bounds = (parameter["low"], parameter["high"])
        return RangeParameterConfig(name=name, parameter_type="float", bounds=bounds, scaling=scaling)
    if kind == "int" and parameter["log"]:
        bounds = (parameter["low"], parameter["high"])
        return RangeParameterConfig(name=name, parameter_type="int", bounds=bounds, scaling="log")
    if kind in ("float", "int"):
        last = round((parameter["high"] - parameter["low"]) / parameter["step"])
        return RangeParameterConfig(name=name, parameter_type="int", bounds=(0, last))
    if kind == "ordinal":
        return RangeParameterConfig(name=name, parameter_type="int", bounds=(0, len(parameter["values"]) - 1))
    if kind == "boolean":
        return ChoiceParameterConfig(name=name, parameter_type="bool", values=[False, True])
    texts = [str(k) for k in range(len(parameter["choices"]))]
    return ChoiceParameterConfig(name=name, parameter_type="str", values=texts, is_ordered=False)


def value_of(parameter, drawn):
    kind = parameter["kind"]
    if kind == "float" and not parameter.get("step"):
        return min(max(float(drawn), parameter["low"]), parameter["high"])
    if kind == "int" and parameter["log"]:
        return int(drawn)
    if kind == "float":
        return float(f"{parameter['low'] + int(drawn) * parameter['step']:.15g}")
    if kind == "int":
        return parameter["low"] + int(drawn) * parameter["step"]
    if kind == "boolean":
        return bool(drawn)
    return parameter["values" if kind == "ordinal" else "choices"][int(drawn)]


if __name__ == "__main__":
    answer_lines(Peer)
