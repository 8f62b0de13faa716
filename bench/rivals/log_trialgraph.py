"""What a call of `log` of our Python SDK costs: URL KEY CALLS."""

import json
import sys
import time

import trialgraph

url, key, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
trial = trialgraph.init(url=url, api_key=key, project="bench", experiment="rivals-python")
began = time.perf_counter()
for step in range(calls):
    trial.log({"loss": step * 0.5}, step)
logged = time.perf_counter()
trial.finish()
ended = time.perf_counter()
print(json.dumps({"micros": (logged - began) / calls * 1e6, "perSecond": calls / (ended - began), "id": trial.id}))
