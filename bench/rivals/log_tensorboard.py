"""What a call of tensorboardX's `add_scalar` costs, and how many records its event file then holds: FOLDER CALLS."""

import glob
import json
import os
import struct
import sys
import time

from tensorboardX import SummaryWriter

folder, calls = sys.argv[1], int(sys.argv[2])
writer = SummaryWriter(folder)
began = time.perf_counter()
for step in range(calls):
    writer.add_scalar("loss", step * 0.5, step)
logged = time.perf_counter()
writer.close()
ended = time.perf_counter()

records = 0
with open(glob.glob(os.path.join(folder, "*tfevents*"))[0], "rb") as file:
    while head := file.read(12):  # a length of 8 bytes and its checksum
        file.seek(struct.unpack("<Q", head[:8])[0] + 4, os.SEEK_CUR)
        records += 1
# The first record names the version of the format.
print(json.dumps({"micros": (logged - began) / calls * 1e6, "perSecond": calls / (ended - began), "stored": records - 1}))
