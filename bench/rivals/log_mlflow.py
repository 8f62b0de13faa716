"""What a call of MLflow's `log_metric` costs, with its server over HTTP: URL CALLS sync|async."""

import json
import sys
import time

import mlflow

url, calls, waits = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "sync"
mlflow.set_tracking_uri(url)
with mlflow.start_run() as run:
    mlflow.log_metric("warm", 0.0, step=0, synchronous=waits)
    began = time.perf_counter()
    for step in range(calls):
        mlflow.log_metric("loss", step * 0.5, step=step, synchronous=waits)
    logged = time.perf_counter()
    if not waits:
        mlflow.flush_async_logging()
    ended = time.perf_counter()
print(json.dumps({"micros": (logged - began) / calls * 1e6, "perSecond": calls / (ended - began), "id": run.info.run_id}))
