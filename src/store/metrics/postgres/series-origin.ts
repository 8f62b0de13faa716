/** When the series of an attempt began: the time of the point that was stored first of the keys that are asked for. */
import type { Sql } from '../../database.js';
import { readFirstTimes, type Source } from './read-compacted.js';
import type { StreamRow } from './read-points.js';

interface FirstPoint {
  readonly streamId: number;
  readonly seq: number;
  /** Null where the header of its chunk does not say. */
  readonly time: number | null;
  readonly source: Source | null;
}

export class Origins {
  private readonly firsts = new Map<string, FirstPoint>();

  constructor(sources: readonly Source[]) {
    for (const source of sources) {
      const { stream, firstSeq, firstTime } = source;
      this.add(stream, { streamId: stream.id, seq: firstSeq, time: firstTime, source });
    }
  }

  /** Points of the log, of which the first has the seq. */
  addLogged(stream: StreamRow, times: Float64Array, seq: number): void {
    if (times.length > 0) this.add(stream, { streamId: stream.id, seq, time: times[0] as number, source: null });
  }

  /** Seconds since the epoch per `placeOf` an attempt. */
  async read(sql: Sql): Promise<ReadonlyMap<string, number>> {
    const unknown = [...this.firsts.values()].flatMap(({ time, source }) =>
      time === null && source !== null ? [source] : [],
    );
    const read = await readFirstTimes(sql, unknown);
    const origins = new Map<string, number>();
    for (const [place, { time, source }] of this.firsts) {
      const origin = time ?? (source === null ? undefined : read.get(source));
      if (origin !== undefined) origins.set(place, origin);
    }
    return origins;
  }

  private add(stream: StreamRow, point: FirstPoint): void {
    const place = placeOf(stream);
    const first = this.firsts.get(place);
    const isEarlier =
      first === undefined ||
      point.streamId < first.streamId ||
      (point.streamId === first.streamId && point.seq < first.seq);
    if (isEarlier) this.firsts.set(place, point);
  }
}

/** An attempt of a trial as a key. */
export function placeOf({ trialId, attempt }: Pick<StreamRow, 'trialId' | 'attempt'>): string {
  return `${trialId}/${attempt}`;
}
