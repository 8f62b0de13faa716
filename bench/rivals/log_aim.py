"""What a call of Aim's `Run.track` costs, with a local repository, which is how it is used first: FOLDER CALLS."""

import json
import sys
import time

from aim import Run

folder, calls = sys.argv[1], int(sys.argv[2])
run = Run(repo=folder, experiment="bench", system_tracking_interval=None, capture_terminal_logs=False)
began = time.perf_counter()
for step in range(calls):
    run.track(step * 0.5, name="loss", step=step)
logged = time.perf_counter()
run.close()
ended = time.perf_counter()
print(json.dumps({"micros": (logged - began) / calls * 1e6, "perSecond": calls / (ended - began), "id": run.hash}))
