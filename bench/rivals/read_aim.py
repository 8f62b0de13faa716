"""Indexes a run of Aim, as its server does, then reads its series as 1,000 samples: FOLDER HASH ROUNDS."""

import json
import sys
import time

from aim import Repo
from aim.sdk.index_manager import RepoIndexManager

folder, run_hash, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
RepoIndexManager.get_index_manager(Repo(folder)).index(run_hash)
repo = Repo(folder)
took, rows, stored = [], 0, 0
for _ in range(rounds + 1):
    began = time.perf_counter()
    for found in repo.query_metrics("metric.name == 'loss'", report_mode=0).iter_runs():
        for metric in found:
            rows = len(metric.data.view("val").sample(1000).numpy()[0])
    took.append((time.perf_counter() - began) * 1e3)
for found in repo.query_metrics("metric.name == 'loss'", report_mode=0).iter_runs():
    for metric in found:
        stored = len(metric.data.view("val").numpy()[0])
print(json.dumps({"milliseconds": took[1:], "rows": rows, "stored": stored}))
