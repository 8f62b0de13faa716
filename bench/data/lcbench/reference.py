"""Writes reference.json: what onnxruntime says of 200 random points. pip install onnxruntime numpy; python reference.py"""

import json
import pathlib

import numpy
import onnxruntime

here = pathlib.Path(__file__).parent
tasks = json.loads((here / "tasks.json").read_text())
session = onnxruntime.InferenceSession(str(here / "model.onnx"))
rng = numpy.random.default_rng(20260101)
codes = rng.choice(list(tasks.values()), 200)
log = lambda low, high: numpy.exp(rng.uniform(numpy.log(low), numpy.log(high), 200))
inputs = numpy.stack(
    [
        rng.integers(1, 53, 200),
        log(16, 512).round(),
        log(1e-4, 0.1),
        rng.uniform(0.1, 0.99, 200),
        rng.uniform(1e-5, 0.1, 200),
        rng.integers(1, 6, 200),
        log(64, 1024).round(),
        rng.uniform(0, 1, 200),
    ],
    axis=1,
).astype(numpy.float32)
outputs = session.run(None, {"x_cat": codes[:, None].astype(numpy.int32), "x_cont": inputs})[0]
points = [
    {"task": int(code), "inputs": [float(x) for x in row], "outputs": [float(y) for y in out]}
    for code, row, out in zip(codes, inputs, outputs)
]
lines = ",\n".join("  " + json.dumps(point) for point in points)
(here / "reference.json").write_text(f"[\n{lines}\n]\n")
