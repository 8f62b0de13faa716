"""hyperopt: `hyperopt_peer.py tpe | anneal`, each at its defaults. It knows no conditions in a flat space: none are taken."""

import sys
from importlib.metadata import version
from math import log

import numpy as np
from hyperopt import JOB_STATE_DONE, STATUS_FAIL, STATUS_OK, Trials, anneal, hp, tpe
from hyperopt.base import Domain
from lines import answer_lines

SUGGEST = {"tpe": tpe.suggest, "anneal": anneal.suggest}


class Peer:
    version = version("hyperopt")

    def __init__(self, kind, message):
        self.name = f"hyperopt-{kind}"
        self.suggest = SUGGEST[kind]
        self.parameters = message["space"]["parameters"]
        self.sign = -1 if message["directions"][0] == "maximize" else 1
        self.rng = np.random.default_rng(message["seed"])
        space = {parameter["name"]: node(parameter) for parameter in self.parameters}
        self.domain = Domain(lambda params: None, space)
        self.trials = Trials()

    def ask(self):
        ids = self.trials.new_trial_ids(1)
        self.trials.refresh()
        seed = int(self.rng.integers(2**31 - 1))
        documents = self.suggest(ids, self.domain, self.trials, seed)
        self.trials.insert_trial_docs(documents)
        self.trials.refresh()
        drawn = {name: values[0] for name, values in documents[0]["misc"]["vals"].items()}
        return ids[0], {one["name"]: value_of(one, drawn[one["name"]]) for one in self.parameters}

    def tell(self, number, message):
        document = next(one for one in self.trials._dynamic_trials if one["tid"] == number)
        failed = message.get("state") == "FAILED"
        document["state"] = JOB_STATE_DONE
        document["result"] = (
            {"status": STATUS_FAIL} if failed else {"status": STATUS_OK, "loss": self.sign * message["values"][0]}
        )
        self.trials.refresh()


def node(parameter):
    """What is ordered is an integer, as its choices know no order."""
    if "when" in parameter:
        raise ValueError("conditions")
    name, kind = parameter["name"], parameter["kind"]
    if kind == "float":
        low, high = parameter["low"], parameter["high"]
        if parameter.get("step"):
            return hp.uniformint(name, 0, round((high - low) / parameter["step"]))
        return hp.loguniform(name, log(low), log(high)) if parameter["log"] else hp.uniform(name, low, high)
    if kind == "int":
        if parameter["log"]:
            return hp.qloguniform(name, log(parameter["low"]), log(parameter["high"]), 1)
        return hp.uniformint(name, 0, (parameter["high"] - parameter["low"]) // parameter["step"])
    if kind == "ordinal":
        return hp.uniformint(name, 0, len(parameter["values"]) - 1)
    return hp.choice(name, [False, True] if kind == "boolean" else parameter["choices"])


def value_of(parameter, drawn):
    kind = parameter["kind"]
    if kind == "float":
        if parameter.get("step"):
            return float(f"{parameter['low'] + int(drawn) * parameter['step']:.15g}")
        return min(max(float(drawn), parameter["low"]), parameter["high"])
    if kind == "int":
        if parameter["log"]:
            return min(max(int(drawn), parameter["low"]), parameter["high"])
        return parameter["low"] + int(drawn) * parameter["step"]
    if kind == "boolean":
        return bool(drawn)
    return parameter["values" if kind == "ordinal" else "choices"][int(drawn)]


if __name__ == "__main__":
    answer_lines(lambda message: Peer(sys.argv[1], message))
