"""The Python SDK against a server (TRIALGRAPH_URL). What arrived is checked by test/sdk/python.test.ts."""

import io
import json
import math
import multiprocessing
import os
import struct
import sys
import tempfile
import unittest
import zlib
from contextlib import redirect_stderr
from decimal import Decimal
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "sdk" / "python"))

import trialgraph  # noqa: E402
from trialgraph.columns import decode_column, encode_column, encode_float  # noqa: E402
from trialgraph.spool import Spool  # noqa: E402
from trialgraph.transport import Transport  # noqa: E402

SPECIAL = [0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1 + 0.2]


class Scalar:
    """Like numpy's and torch's: converts by __float__."""

    def __float__(self) -> float:
        return 2.5


class Item(Scalar):
    """Like numpy's and torch's: `item()` is the Python number."""

    def __init__(self, value: float) -> None:
        self.value = value

    def item(self) -> float:
        return self.value


class Columns(unittest.TestCase):
    def test_a_column_comes_back_bit_for_bit(self) -> None:
        back = decode_column(encode_column(SPECIAL))

        self.assertEqual([struct.pack("<d", value) for value in back], [struct.pack("<d", value) for value in SPECIAL])

    def test_single_numbers_are_json(self) -> None:
        self.assertEqual([encode_float(value) for value in SPECIAL[:5]], [0.0, "-0", "NaN", "Infinity", "-Infinity"])


class Logging(unittest.TestCase):
    def test_values_arrive(self) -> None:
        with trialgraph.init(experiment="bits") as trial:
            for step, value in enumerate(SPECIAL):
                trial.log({"loss": value}, step=step)

    def test_scalars_of_libraries_are_numbers_and_text_is_not(self) -> None:
        quiet = trialgraph.init(experiment="scalars", quiet=True)
        with quiet as trial:
            trial.log({"scalar": Scalar(), "decimal": Decimal("1.5"), "flag": True, "text": "x", "none": None})

    def test_params_may_be_scalars_of_libraries_and_paths(self) -> None:
        with trialgraph.init(experiment="params", params={"lr": Item(0.5), "data": Path("a"), "nan": math.nan}) as trial:
            trial.log({"from_params": trial.params["lr"]})

        offline = tempfile.mkdtemp()
        trialgraph.init(mode="offline", spool_folder=offline, params={"lr": Item(0.5), "nan": math.nan}, quiet=True).finish()
        self.assertNotIn(b"NaN,", next(Path(offline).iterdir()).read_bytes().replace(b'"NaN"', b""))

    def test_an_exception_is_told_as_failed(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            with trialgraph.init(experiment="failing"):
                1 / 0

    def test_tell_gives_the_value(self) -> None:
        with trialgraph.init(experiment="telling") as trial:
            trial.tell(math.nan)

    def test_a_forked_child_records_a_stream_of_its_own_and_tells_nothing(self) -> None:
        context = multiprocessing.get_context("fork")
        with trialgraph.init(experiment="forking") as trial:
            trial.log({"parent": 1})
            child = context.Process(target=trial.log, args=({"child": 2},))
            child.start()
            child.join()

        self.assertEqual(child.exitcode, 0)

    def test_a_forked_child_opens_a_connection_of_its_own(self) -> None:
        transport = Transport(os.environ["TRIALGRAPH_URL"], None)
        before = transport._open(1.0)
        self.assertIs(transport._open(1.0), before)

        with mock.patch("os.getpid", return_value=1):
            self.assertIsNot(transport._open(1.0), before)

    def test_other_ranks_are_silent(self) -> None:
        with mock.patch.dict(os.environ, {"RANK": "1"}):
            trial = trialgraph.init(experiment="ranks")

        self.assertEqual(trial.id, "")


class Offline(unittest.TestCase):
    def test_a_server_that_is_away_is_no_error_and_the_spool_is_readable(self) -> None:
        with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()) as said:
            with mock.patch("trialgraph.client.START_SECONDS", 0.2):
                with trialgraph.init(url="http://127.0.0.1:9", api_key="k", spool_folder=folder) as trial:
                    trial.log({"loss": 1.5})
            data = next(Path(folder).iterdir()).read_bytes()

        self.assertIn("spool sync", said.getvalue())
        self.assertEqual([record["type"] for record in read_records(data)], ["spool", "points", "end"])

    def test_disabled_does_nothing(self) -> None:
        with trialgraph.init(mode="disabled", params={"lr": 1}) as trial:
            trial.log({"loss": 1})

        self.assertEqual(trial.params, {"lr": 1})

    def test_a_disk_that_is_full_never_raises(self) -> None:
        header = {"type": "spool", "trialId": "t", "attempt": 1, "stream": "s", "create": None}
        with tempfile.TemporaryDirectory() as folder:
            spool = Spool(folder, header)
            with mock.patch("os.pwrite", side_effect=OSError(28, "No space left on device")):
                spool.append(2, 0, [])
            spool.append(1, 0, [])

            self.assertEqual([spool.batch_at(0)["count"], spool.batch_at(2)["count"]], [2, 1])
            spool.remove()


class Errors(unittest.TestCase):
    def test_each_code_has_its_exception(self) -> None:
        from trialgraph.error import to_exception
        from trialgraph.generated.errors import SpaceInvalidError

        error = to_exception({"message": "no", "extensions": {"code": "SPACE_INVALID", "problems": ["lr"]}})

        self.assertIsInstance(error, SpaceInvalidError)
        self.assertEqual((error.retry, error.data), ("never", {"problems": ["lr"]}))

    def test_a_sender_waits_as_long_as_a_full_server_asks(self) -> None:
        from trialgraph.error import to_exception
        from trialgraph.sender import Sender

        full = to_exception({"message": "full", "extensions": {"code": "STORAGE_FULL", "retry": "later", "retryAfterSeconds": 5}})
        waits = [Sender._judge(mock.Mock(), full, None, failures) for failures in range(1, 6)]

        self.assertTrue(all(5 <= wait <= 10 for wait in waits), waits)


def read_records(data: bytes) -> list:
    assert data[:8] == b"TGSPOOL1"
    records, at = [], 8
    while at < len(data):
        length, checksum = struct.unpack_from("<II", data, at)
        payload = data[at + 8 : at + 8 + length]
        assert zlib.crc32(payload) == checksum
        records.append(json.loads(payload))
        at += 8 + length
    return records


if __name__ == "__main__":
    unittest.main()
