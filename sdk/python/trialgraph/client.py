"""The way to the API for management and reading: obeys the table of errors, gives each mutation a request id."""

from __future__ import annotations

import os
import random
import re
import sys
import time
import uuid
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from .columns import decode_column, to_json
from .error import NetworkError, TrialgraphError
from .settings import Settings, is_silent_rank, read_settings
from .transport import Transport
from .trial import Trial

RETRY_SECONDS = 30.0
START_SECONDS = 10.0
LEASED_SECONDS = 120.0
OWN_KEYS = re.compile(r"\b(reportMetrics|reportLogs|renewLeases)\b")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Client:
    """Reads its server and key from arguments, the environment, this folder's server or the kept login."""

    def __init__(self, url: Optional[str] = None, api_key: Optional[str] = None) -> None:
        self._settings = read_settings(url=url, api_key=api_key)
        self._transport = Transport(self._settings.url, self._settings.api_key)

    def request(self, query: str, variables: Optional[Mapping[str, Any]] = None, *, retry_seconds: float = RETRY_SECONDS) -> Dict[str, Any]:
        """The operation's data. Raises one exception class per code; NetworkError when nobody answers in time."""
        given = _with_request_id(query, variables or {})
        return _retry(lambda: self._transport.request(query, given, timeout=30.0), retry_seconds)

    def upload(self, upload_path: str, path: str, size: int) -> None:
        def put() -> None:
            with open(path, "rb") as file:
                self._transport.upload(upload_path, file, size, timeout=60.0)

        _retry(put, RETRY_SECONDS)

    def download(self, download_path: str, path: str, sha256: str) -> None:
        """Writes the bytes of a committed artifact to `path`: whole and with the checksum it claims, or not at all."""
        part = f"{path}.part-{os.getpid()}"
        try:
            found = _retry(lambda: self._transport.download(download_path, part, timeout=60.0), RETRY_SECONDS)
            if found != sha256:
                from .generated.errors import ArtifactCorruptError

                raise ArtifactCorruptError(f"the bytes of {download_path} are not those that were committed")
            os.replace(part, path)
        finally:
            if os.path.exists(part):
                os.remove(part)

    def create_experiment(
        self,
        name: str,
        *,
        project: Optional[str] = None,
        objective: Optional[Mapping[str, Any]] = None,
        objectives: Optional[Sequence[Mapping[str, Any]]] = None,
        metric_constraints: Optional[Sequence[Mapping[str, Any]]] = None,
        replicates: Optional[Mapping[str, Any]] = None,
        space: Optional[Mapping[str, Any]] = None,
        sampler: Any = None,
        pruner: Any = None,
        budget: Optional[Mapping[str, Any]] = None,
        seed: Optional[str] = None,
        description: Optional[str] = None,
        failure_limit: Optional[int] = None,
        warm_start: Optional[Sequence[str]] = None,
    ) -> "Experiment":
        """Goals in any case, methods by kind alone, budgets in snake_case.

        `failure_limit` equal failures in a row stop the search (default 5; 0: never). `warm_start` names experiments
        (`project/name` or ids) whose ended trials the models begin with. `objectives` in place of `objective` are several;
        `metric_constraints` are bounds such as `{"metric": "latency", "at_most": 20}`, which good trials keep; `replicates`
        says how often points are tried with different seeds (`trial.seed`), such as `{"count": 5}`.
        """
        from .generated.operations import CREATE_EXPERIMENT

        wanted: Dict[str, Any] = {"project": project or self._settings.project, "name": name, "description": description}
        if space is not None and (objective is not None or objectives is not None):
            wanted["search"] = {
                "space": dict(space),
                "objective": None if objective is None else _spelled(objective),
                "objectives": None if objectives is None else [_spelled(one) for one in objectives],
                "metricConstraints": None if metric_constraints is None else [_spelled(one) for one in metric_constraints],
                "replicates": None if replicates is None else dict(replicates),
                "sampler": _method(sampler),
                "pruner": _method(pruner),
                "budget": _budget(budget),
                "seed": seed,
                "failureLimit": failure_limit,
                "warmStart": None if warm_start is None else list(warm_start),
            }
        return Experiment(self, self.request(CREATE_EXPERIMENT, {"input": wanted})["createExperiment"])

    def experiment(self, path_or_id: str) -> "Experiment":
        from .generated.errors import NotFoundError
        from .generated.operations import EXPERIMENT_IDENTITY

        which = {"id": path_or_id} if ID.fullmatch(path_or_id) else {"path": path_or_id}
        found = self.request(EXPERIMENT_IDENTITY, which)["experiment"]
        if not found:
            raise NotFoundError(f"there is no experiment {path_or_id}")
        return Experiment(self, found)


class Experiment:
    """Ask for trials and tell how they went; the same verbs and states that a runner uses."""

    def __init__(self, client: Client, found: Mapping[str, Any]) -> None:
        self._client = client
        self.id: str = found["id"]
        self.name: str = found["name"]

    def ask(self) -> Optional[Trial]:
        """The next trial to execute here; None once the budget is spent. Waits while as many as allowed are running."""
        from .generated.operations import ASK_TRIAL

        while True:
            asked = self._client.request(ASK_TRIAL, {"input": {"experimentId": self.id}})["askTrial"]
            if asked["started"]:
                return _record(asked["started"], {}, self._client._settings, 60.0)
            if asked["done"]:
                return None
            time.sleep(asked.get("retryAfterSeconds") or 1.0)

    def optimize(self, objective: Any, max_trials: Optional[int] = None) -> None:
        """Calls `objective(trial)` for each trial and tells what it returns; one that raises is told FAILED."""
        taken = 0
        while max_trials is None or taken < max_trials:
            trial = self.ask()
            if trial is None:
                return
            taken += 1
            with trial:
                value = objective(trial)
                if value is not None and not trial.should_stop():
                    trial.tell(value)

    def points(
        self, keys: Optional[Sequence[str]] = None, after: Optional[str] = None, page_points: int = 50_000
    ) -> Iterator[Dict[str, Any]]:
        """Every point of all trials bit for bit, page by page, until all that is stored was read.

        Pages are `{"cursor", "series"}`; a series has `trialId`, `attempt`, `key` and the lists `steps` (ints), `times`
        (seconds since the epoch) and `values`, in stored order. A page may be empty when `keys` are given; `after` takes
        the cursor of an earlier page and goes on behind it.
        """
        from .generated.operations import POINTS

        wanted = {"experimentId": self.id, "keys": None if keys is None else list(keys), "limit": page_points}
        while True:
            page = self._client.request(POINTS, {**wanted, "after": after})["points"]
            for one in page["series"]:
                one["steps"] = [int(step) for step in decode_column(one["steps"])]
                one["times"], one["values"] = decode_column(one["times"]), decode_column(one["values"])
            yield {"cursor": page["cursor"], "series": page["series"]}
            if not page["more"]:
                return
            after = page["cursor"]

    def best_so_far(self, objective: int = 0) -> Dict[str, Any]:
        """How the best value came about: the lists `numbers`, `values` and `holders`, in the order in which trials ended.

        Before the first trial that counts, values and holders are NaN. `basis` says what it was made of, and why it is
        empty. `objective` is an index. Empty without a search.
        """
        from .generated.operations import BEST_SO_FAR

        found = self._analysis(BEST_SO_FAR, {"objective": objective})
        if found is None:
            return {}
        answer = found["bestSoFar"]
        return {**answer, **{name: decode_column(answer[name]) for name in ("numbers", "values", "holders")}}

    def importance(self, method: str = "PED_ANOVA", objective: Optional[int] = None) -> Dict[str, float]:
        """Importance by parameter, the most important first; `method` is `PED_ANOVA` or `FANOVA`, in any case.

        Empty without a search, and while there are too few trials to say anything.
        """
        from .generated.operations import IMPORTANCE

        wanted = {"method": method.upper().replace("-", "_"), "objective": objective}
        found = self._analysis(IMPORTANCE, wanted)
        if found is None:
            return {}
        answer = found["importance"]
        return dict(zip(answer["parameters"], decode_column(answer["importances"])))

    def _analysis(self, query: str, wanted: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
        found = self._client.request(query, {"experimentId": self.id, **wanted})["experiment"]
        return found["analysis"] if found else None

    def revise(
        self,
        *,
        space: Optional[Mapping[str, Any]] = None,
        budget: Optional[Mapping[str, Any]] = None,
        resume: bool = False,
    ) -> int:
        """Changes the space, or what `budget` names (None: no limit), from now on; the number of the revision.

        `resume` lets an experiment go on that is paused or has ended.
        """
        from .generated.operations import REVISE_SEARCH

        wanted: Dict[str, Any] = {"experimentId": self.id, "budget": _budget(budget), "resume": resume}
        if space is not None:
            wanted["space"] = dict(space)
        return int(self._client.request(REVISE_SEARCH, {"input": wanted})["reviseSearch"]["search"]["revision"])

    def enqueue(
        self, params: Mapping[str, Any], *, name: Optional[str] = None, tags: Optional[Sequence[str]] = None
    ) -> Dict[str, Any]:
        """Puts a trial with these params into the queue: the next that `ask`, here or elsewhere, gets it before any proposal."""
        from .generated.operations import CREATE_TRIAL

        wanted = {"experimentId": self.id, "params": to_json(dict(params)), "name": name, "tags": list(tags or [])}
        return self._client.request(CREATE_TRIAL, {"input": wanted})["createTrial"]

    def adopt(
        self,
        *,
        trials: Sequence[str] = (),
        experiments: Sequence[str] = (),
        misfits: str = "refuse",
        ignore_unknown: bool = False,
    ) -> Dict[str, Any]:
        """Lets the search learn from trials that ran outside of it: `{"adopted": n, "outside": [paths]}`.

        `trials` are `project/experiment/number` or ids, `experiments` stand for all their ended trials. Misfits, which are
        not legal in the space, are refused by name, or with `"keep"` stay outside the models. `ignore_unknown` leaves out
        params that the space has not.
        """
        from .generated.operations import ADOPT_TRIALS

        wanted = {
            "experimentId": self.id,
            "trials": list(trials),
            "experiments": list(experiments),
            "misfits": misfits.upper(),
            "ignoreUnknown": ignore_unknown,
        }
        adopted = self._client.request(ADOPT_TRIALS, {"input": wanted})["adoptTrials"]
        return {"adopted": adopted["adopted"], "outside": adopted["outside"]}

    def best_trial(self) -> Optional[Dict[str, Any]]:
        from .generated.operations import EXPERIMENT

        return self._client.request(EXPERIMENT, {"id": self.id})["experiment"]["bestTrial"]

    def best_trials(self) -> List[Dict[str, Any]]:
        """By number: with several objectives all of the Pareto front, else the one best, if there is one."""
        from .generated.operations import BEST_TRIALS

        found: List[Dict[str, Any]] = []
        after = None
        while True:
            page = self._client.request(BEST_TRIALS, {"id": self.id, "first": 200, "after": after})["experiment"]["bestTrials"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def pareto_front(self, reference: Optional[Sequence[float]] = None) -> Optional[Dict[str, Any]]:
        """What a search with several objectives found; None with one.

        `numbers` of the trials, `values` by objective, the number of the `knee`, and the `hypervolume` as lists `numbers`,
        `ended`, `volumes` up to the `reference` (one number per objective; default a tenth beyond the worst of the front).
        """
        from .generated.operations import PARETO_FRONT

        wanted = {"id": self.id, "reference": None if reference is None else list(reference)}
        front = self._client.request(PARETO_FRONT, wanted)["experiment"]["paretoFront"]
        if front is None:
            return None
        volume = front["hypervolume"]
        return {
            **front,
            "numbers": [int(number) for number in decode_column(front["numbers"])],
            "values": [decode_column(column) for column in front["values"]],
            "reference": [float(one) for one in front["reference"]],
            "hypervolume": volume and {name: decode_column(column) for name, column in volume.items()},
        }


def init(
    project: Optional[str] = None,
    experiment: Optional[str] = None,
    params: Optional[Mapping[str, Any]] = None,
    *,
    config: Optional[Mapping[str, Any]] = None,
    name: Optional[str] = None,
    tags: Optional[list] = None,
    trial_id: Optional[str] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    mode: Optional[str] = None,
    spool_folder: Optional[str] = None,
    quiet: Optional[bool] = None,
    finish_seconds: float = 60.0,
) -> Trial:
    """The trial of this process: a new one, or the leased one under a runner. A server that does not answer makes it offline.

    `params` (or `config`) are defaults; values that a search proposes win. `trial_id` resumes with a new attempt.
    """
    settings = read_settings(
        url=url, api_key=api_key, mode=mode, project=project, experiment=experiment, spool_folder=spool_folder, quiet=quiet
    )
    defaults = to_json(dict(params or config or {}))
    if settings.mode == "disabled":
        return _unrecorded(defaults, settings)
    if settings.trial_id and not trial_id and settings.mode == "online":
        return _open_leased(settings, defaults, finish_seconds)
    if is_silent_rank():
        return _unrecorded(defaults, settings)
    wanted = {
        "clientRequestId": str(uuid.uuid4()),
        "project": settings.project,
        "experiment": settings.experiment,
        "params": defaults,
        "name": name,
        "tags": list(tags or []),
    }
    if settings.mode == "offline":
        return _record_offline(wanted, settings)
    return _start(wanted, trial_id, settings, finish_seconds)


def _start(wanted: Dict[str, Any], trial_id: Optional[str], settings: Settings, finish_seconds: float) -> Trial:
    from .generated.operations import START_TRIAL

    request = dict(wanted)
    if trial_id:
        del request["project"], request["experiment"]
        request["trialId"] = trial_id
    client = Client(settings.url, settings.api_key)
    try:
        started = client.request(START_TRIAL, {"input": request}, retry_seconds=START_SECONDS)["startTrial"]
    except NetworkError as error:
        if trial_id:
            raise
        _warner(settings)(f"{error}; recording in {settings.spool_folder}, to be sent by `trialgraph spool sync`")
        return _record_offline(wanted, settings)
    return _record(started, wanted["params"], settings, finish_seconds)


def _record(started: Mapping[str, Any], defaults: Mapping[str, Any], settings: Settings, finish_seconds: float) -> Trial:
    trial, attempt, token = started["trial"], started["attempt"], started["token"]
    search = trial["experiment"]["search"]
    return Trial(
        id=trial["id"],
        number=trial["number"],
        attempt=attempt,
        params={**defaults, **trial["params"]},
        checkpoint=trial.get("checkpoint"),
        seed=trial.get("seed"),
        objective=search["objective"]["metric"] if search else "objective",
        tells_end=True,
        make_sender=_sender_maker(settings, token, trial["id"], attempt, None),
        client=Client(settings.url, token),
        finish_seconds=finish_seconds,
        warn=_warner(settings),
    )


def _open_leased(settings: Settings, defaults: Mapping[str, Any], finish_seconds: float) -> Trial:
    from .generated.errors import NotFoundError
    from .generated.operations import TRIAL_IDENTITY, TRIAL_OBJECTIVE

    client = Client(settings.url, settings.api_key)
    trial = client.request(TRIAL_IDENTITY, {"id": settings.trial_id}, retry_seconds=LEASED_SECONDS)["trial"]
    if not trial:
        raise NotFoundError(f"trial {settings.trial_id} does not exist")
    try:
        found = client.request(TRIAL_OBJECTIVE, {"id": settings.trial_id}, retry_seconds=0)
        objective = found["trial"]["experiment"]["search"]["objective"]["metric"]
    except (TrialgraphError, TypeError):
        objective = "objective"  # only a name for `report`
    silent = is_silent_rank()
    return Trial(
        id=trial["id"],
        number=trial["number"],
        attempt=settings.attempt,
        params={**defaults, **trial["params"]},
        checkpoint=trial.get("checkpoint"),
        seed=trial.get("seed"),
        objective=objective,
        tells_end=False,
        make_sender=None if silent else _sender_maker(settings, settings.api_key, trial["id"], settings.attempt, None),
        client=client,
        finish_seconds=finish_seconds,
        warn=_warner(settings),
    )


def _record_offline(wanted: Dict[str, Any], settings: Settings) -> Trial:
    return Trial(
        id=wanted["clientRequestId"],
        number=-1,
        attempt=1,
        params=wanted["params"],
        objective="objective",
        tells_end=True,
        make_sender=_sender_maker(settings, None, None, 1, wanted),
        client=None,
        finish_seconds=0.0,
        warn=_warner(settings),
    )


def _unrecorded(params: Mapping[str, Any], settings: Settings) -> Trial:
    return Trial(
        id="",
        number=-1,
        attempt=1,
        params=params,
        objective="objective",
        tells_end=False,
        make_sender=None,
        client=None,
        finish_seconds=0.0,
        warn=_warner(settings),
    )


def _sender_maker(settings: Settings, api_key: Optional[str], trial_id: Optional[str], attempt: int, create: Any) -> Any:
    from .sender import Sender

    def make() -> Sender:
        return Sender(
            url=settings.url,
            api_key=api_key,
            trial_id=trial_id,
            attempt=attempt,
            create=create,
            folder=settings.spool_folder,
            warn=_warner(settings),
        )

    return make


def _warner(settings: Settings) -> Any:
    return (lambda text: None) if settings.quiet else (lambda text: print(f"trialgraph: {text}", file=sys.stderr))


def _retry(work: Any, limit_seconds: float) -> Any:
    deadline = time.monotonic() + limit_seconds
    attempt = 0
    while True:
        try:
            return work()
        except TrialgraphError as error:
            attempt += 1
            wait = random.uniform(0, min(5.0, 0.2 * 2**attempt))
            wait = max(wait, float(error.data.get("retryAfterSeconds") or 0))
            if error.retry == "never" or time.monotonic() + wait > deadline or (error.code == "INTERNAL" and attempt >= 3):
                raise
            time.sleep(wait)


def _with_request_id(query: str, variables: Mapping[str, Any]) -> Dict[str, Any]:
    given = dict(variables)
    if not query.lstrip().startswith("mutation") or OWN_KEYS.search(query):
        return given
    if "$clientRequestId" in query:
        given.setdefault("clientRequestId", str(uuid.uuid4()))
    elif isinstance(given.get("input"), Mapping):
        given["input"] = {"clientRequestId": str(uuid.uuid4()), **given["input"]}
    return given


def _spelled(given: Mapping[str, Any]) -> Dict[str, Any]:
    return {_camel(key): value.upper() if key in ("goal", "take") and value else value for key, value in given.items()}


def _method(method: Any) -> Optional[Dict[str, Any]]:
    return {"kind": method} if isinstance(method, str) else method


def _budget(budget: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    return {_camel(key): value.upper() if key == "when_spent" and value else value for key, value in (budget or {}).items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
