"""HEBO: `hebo_peer.py hebo`, at its defaults. It knows no conditions: none are taken, and what failed teaches it nothing."""

import sys
import warnings
from importlib.metadata import version

import numpy as np
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO
from lines import answer_lines

warnings.filterwarnings("ignore")


class Peer:
    name = "hebo"
    version = version("HEBO")

    def __init__(self, message):
        self.parameters = message["space"]["parameters"]
        self.sign = -1 if message["directions"][0] == "maximize" else 1
        # It draws from both of these, and from a Sobol sequence of its own.
        np.random.seed(message["seed"])
        torch.manual_seed(message["seed"])
        space = DesignSpace().parse([node(parameter) for parameter in self.parameters])
        self.hebo = HEBO(space, scramble_seed=message["seed"])
        self.running = {}

    def ask(self):
        rows = self.hebo.suggest(n_suggestions=1)
        number = len(self.running)
        self.running[number] = rows
        drawn = rows.iloc[0]
        return number, {one["name"]: value_of(one, drawn[one["name"]]) for one in self.parameters}

    def tell(self, number, message):
        failed = message.get("state") == "FAILED"
        value = np.nan if failed else self.sign * message["values"][0]
        self.hebo.observe(self.running[number], np.array([[value]]))


def node(parameter):
    """What is ordered is an integer, as its categories know no order."""
    if "when" in parameter:
        raise ValueError("conditions")
    name, kind = parameter["name"], parameter["kind"]
    if kind == "float" and parameter.get("step"):
        last = round((parameter["high"] - parameter["low"]) / parameter["step"])
        return {"name": name, "type": "int", "lb": 0, "ub": last}
    if kind == "float":
        scale = {"type": "pow", "base": 10} if parameter["log"] else {"type": "num"}
        return {"name": name, **scale, "lb": parameter["low"], "ub": parameter["high"]}
    if kind == "int" and parameter["log"]:
        return {"name": name, "type": "pow_int", "base": 10, "lb": parameter["low"], "ub": parameter["high"]}
    if kind == "int":
        return {"name": name, "type": "int", "lb": 0, "ub": (parameter["high"] - parameter["low"]) // parameter["step"]}
    if kind == "ordinal":
        return {"name": name, "type": "int", "lb": 0, "ub": len(parameter["values"]) - 1}
    if kind == "boolean":
        return {"name": name, "type": "bool"}
    return {"name": name, "type": "cat", "categories": [str(k) for k in range(len(parameter["choices"]))]}


def value_of(parameter, drawn):
    kind = parameter["kind"]
    if kind == "float" and parameter.get("step"):
        return float(f"{parameter['low'] + int(drawn) * parameter['step']:.15g}")
    if kind == "float":
        return min(max(float(drawn), parameter["low"]), parameter["high"])
    if kind == "int" and parameter["log"]:
        return min(max(int(drawn), parameter["low"]), parameter["high"])
    if kind == "int":
        return parameter["low"] + int(drawn) * parameter["step"]
    if kind == "boolean":
        return bool(drawn)
    return parameter["values" if kind == "ordinal" else "choices"][int(drawn)]


if __name__ == "__main__":
    answer_lines(Peer)
