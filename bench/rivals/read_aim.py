"""Indexes a run of Aim, as its server does, then reads its series as 1,000 samples, twice: FOLDER HASH."""

import json
import sys
import time

from aim import Repo
from aim.sdk.index_manager import RepoIndexManager

folder, run_hash = sys.argv[1], sys.argv[2]
RepoIndexManager.get_index_manager(Repo(folder)).index(run_hash)
repo = Repo(folder)
took, rows, stored = 0.0, 0, 0
for _ in range(2):
    began = time.perf_counter()
    for found in repo.query_metrics("metric.name == 'loss'", report_mode=0).iter_runs():
        for metric in found:
            rows = len(metric.data.view("val").sample(1000).numpy()[0])
    took = (time.perf_counter() - began) * 1e3
for found in repo.query_metrics("metric.name == 'loss'", report_mode=0).iter_runs():
    for metric in found:
        stored = len(metric.data.view("val").numpy()[0])
print(json.dumps({"milliseconds": took, "rows": rows, "stored": stored}))
