/** Record batches as the bytes of an Arrow IPC stream, handed on batch by batch: the library's own pipes keep no measure. */
import { AsyncByteQueue, type RecordBatch, RecordBatchStreamWriter, type Schema } from 'apache-arrow';

/** The stream of these batches. Their dictionaries replace those of the batch before. */
export async function* arrowStream(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new DrainedWriter();
  writer.reset(undefined, schema);
  yield writer.drain();
  for await (const batch of batches) {
    writer.write(batch);
    yield writer.drain();
  }
  writer.finish();
  yield writer.drain();
}

class DrainedWriter extends RecordBatchStreamWriter {
  /** What was written since the last time. */
  drain(): Uint8Array {
    const bytes = this._sink.toUint8Array(true);
    this._sink = new AsyncByteQueue();
    return bytes;
  }
}
