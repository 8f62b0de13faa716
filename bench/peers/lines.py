"""What every peer shares: JSON lines on stdin and stdout, processor time of the peer's own work, and conditions."""

import json
import sys
import time


def holds(condition, params):
    """Whether a `when` is true beside the values drawn so far; parameters it mentions that are inactive make it false."""
    if "all" in condition:
        return all(holds(part, params) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, params) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], params)
    value = params[condition["param"]]
    if "in" in condition:
        # 1 is True to Python, and not to us.
        return any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in condition["in"])
    return value > condition["above"] if "above" in condition else value < condition["below"]


def mentions(condition):
    """Names that a condition asks about."""
    if "param" in condition:
        return {condition["param"]}
    parts = condition.get("all") or condition.get("any") or [condition["not"]]
    return set().union(*(mentions(part) for part in parts))


def is_active(parameter, params):
    """Whether a parameter is asked for; parameters come in draw order, so that those it mentions are decided."""
    condition = parameter.get("when")
    return condition is None or (all(name in params for name in mentions(condition)) and holds(condition, params))


def answer_lines(start):
    """Answers until stdin ends. `start(message)` gives a peer with `name`, `version`, `ask()` -> (id, params), `tell(id, message)`."""
    out = sys.stdout
    # What a package prints is not an answer.
    sys.stdout = sys.stderr
    peer = None
    for line in sys.stdin:
        message = json.loads(line)
        begun = time.process_time()
        try:
            if message["op"] == "start":
                peer = start(message)
                answer = {"ok": True, "peer": peer.name, "version": peer.version}
            elif message["op"] == "ask":
                trials = [peer.ask() for _ in range(message["n"])]
                answer = {"trials": [{"id": number, "params": params} for number, params in trials]}
            elif message["op"] == "fill":
                peer.fill(message)
                answer = {"ok": True}
            else:
                peer.tell(message["id"], message)
                answer = {"ok": True}
        except Exception as error:  # said to the driver, which stops
            answer = {"error": f"{type(error).__name__}: {error}"}
        answer["seconds"] = time.process_time() - begun
        print(json.dumps(answer), file=out, flush=True)
