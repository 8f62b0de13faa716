"""Trialgraph records what you tried: `init` and `log` are all that a training script needs. Standard library only."""

from . import space
from .client import Client, Experiment, init
from .error import NetworkError, TrialgraphError
from .trial import Trial, Verdict

__all__ = ["Client", "Experiment", "NetworkError", "Trial", "TrialgraphError", "Verdict", "init", "space"]
