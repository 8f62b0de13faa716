/** A table of trials as an Arrow stream: one record batch per page. */
import {
  type DataType,
  Field,
  Float64,
  Int32,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { TrialRow, TrialTable } from '../../../service/trial/export-trials.js';
import { arrowStream } from './arrow-stream.js';
import { METRIC_STATS, TRIAL_COLUMNS } from './trial-columns.js';

interface Column {
  readonly name: string;
  readonly type: DataType;
  /** Null where the row has none. */
  read(row: TrialRow): unknown;
}

const TIME = new TimestampMillisecond('UTC');

const OWN: Readonly<Record<(typeof TRIAL_COLUMNS)[number], Omit<Column, 'name'>>> = {
  number: { type: new Int32(), read: ({ trial }) => trial.number },
  id: { type: new Utf8(), read: ({ trial }) => trial.id },
  name: { type: new Utf8(), read: ({ trial }) => trial.name },
  state: { type: new Utf8(), read: ({ trial }) => trial.state },
  value: { type: new Float64(), read: ({ trial }) => trial.value },
  createdAt: { type: TIME, read: ({ trial }) => trial.createdAt.getTime() },
  startedAt: { type: TIME, read: ({ trial }) => trial.startedAt?.getTime() ?? null },
  endedAt: { type: TIME, read: ({ trial }) => trial.endedAt?.getTime() ?? null },
  tags: { type: new List(new Field('item', new Utf8(), true)), read: ({ trial }) => trial.tags },
};

/** One row per trial. */
export function trialsArrow(table: TrialTable): AsyncGenerator<Uint8Array> {
  const columns: readonly Column[] = [
    ...TRIAL_COLUMNS.map((name) => ({ name, ...OWN[name] })),
    ...table.params.map(paramColumn),
    ...table.metricKeys.flatMap((key) =>
      METRIC_STATS.map((stat) => ({
        name: `metrics.${key}.${stat}`,
        type: new Float64(),
        read: ({ summary }: TrialRow) => summary.get(key)?.[stat] ?? null,
      })),
    ),
  ];
  const fields = columns.map(({ name, type }) => new Field(name, type, true));
  return arrowStream(new Schema(fields), batchesOf(table, columns, fields));
}

function paramColumn({ name, kind }: TrialTable['params'][number]): Column {
  const paramOf = ({ trial }: TrialRow) => (Object.hasOwn(trial.params, name) ? (trial.params[name] ?? null) : null);
  if (kind === 'number') return { name: `params.${name}`, type: new Float64(), read: paramOf };
  const read = (row: TrialRow) => {
    const value = paramOf(row);
    return value === null ? null : String(value);
  };
  return { name: `params.${name}`, type: new Utf8(), read };
}

async function* batchesOf(
  { pages }: TrialTable,
  columns: readonly Column[],
  fields: readonly Field[],
): AsyncGenerator<RecordBatch> {
  const schema = new Schema([...fields]);
  for await (const page of pages) {
    const children = columns.map(({ type, read }) => dataOf(page.map(read), type));
    const type = new Struct([...fields]);
    yield new RecordBatch(schema, makeData({ type, length: page.length, nullCount: 0, children }));
  }
}

function dataOf(values: readonly unknown[], type: DataType) {
  const [data] = vectorFromArray([...values], type).data;
  if (data === undefined) throw new Error('a column of a page has no data');
  return data;
}
