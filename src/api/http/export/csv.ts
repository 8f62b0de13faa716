/** Tables as CSV in chunks of bounded size, with a turn of the event loop between them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NumberedSeries } from '../../../service/metric/export-metrics.js';
import type { TrialRow, TrialTable } from '../../../service/trial/export-trials.js';
import { END_OF_ROW, numberCell, textCell, timeCell, valueCell } from './csv-cell.js';
import { METRIC_STATS, TRIAL_COLUMNS } from './trial-columns.js';

/** UTF-16 units. About a millisecond of work: other requests are not kept waiting. */
const CHUNK_LENGTH = 64 * 1024;

const METRICS_HEAD = `trial,trialId,attempt,key,step,time,value${END_OF_ROW}`;

/** One row per point. */
export async function* metricsCsv(pages: AsyncIterable<readonly NumberedSeries[]>): AsyncGenerator<Buffer> {
  yield* chunksOf(metricLines(pages));
}

/** One row per trial. */
export async function* trialsCsv(table: TrialTable): AsyncGenerator<Buffer> {
  yield* chunksOf(trialLines(table));
}

async function* metricLines(pages: AsyncIterable<readonly NumberedSeries[]>): AsyncGenerator<Iterable<string>> {
  yield [METRICS_HEAD];
  for await (const page of pages) yield pointLines(page);
}

function* pointLines(page: readonly NumberedSeries[]): Generator<string> {
  for (const { number, trialId, attempt, key, steps, times, values } of page) {
    const head = `${number},${trialId},${attempt},${textCell(key)},`;
    for (let i = 0; i < steps.length; i++)
      yield `${head}${steps[i]},${numberCell(times[i])},${numberCell(values[i])}${END_OF_ROW}`;
  }
}

async function* trialLines(table: TrialTable): AsyncGenerator<Iterable<string>> {
  const names = [
    ...TRIAL_COLUMNS,
    ...table.params.map(({ name }) => `params.${name}`),
    ...table.metricKeys.flatMap((key) => METRIC_STATS.map((stat) => `metrics.${key}.${stat}`)),
  ];
  yield [names.map(textCell).join(',') + END_OF_ROW];
  for await (const page of table.pages) yield page.map((row) => trialLine(table, row));
}

function trialLine({ params, metricKeys }: TrialTable, { trial, summary }: TrialRow): string {
  const own: Readonly<Record<(typeof TRIAL_COLUMNS)[number], string>> = {
    number: numberCell(trial.number),
    id: trial.id,
    name: textCell(trial.name),
    state: trial.state,
    value: numberCell(trial.value),
    createdAt: timeCell(trial.createdAt),
    startedAt: timeCell(trial.startedAt),
    endedAt: timeCell(trial.endedAt),
    tags: textCell(JSON.stringify(trial.tags)),
  };
  const cells = [
    ...TRIAL_COLUMNS.map((column) => own[column]),
    ...params.map(({ name }) => valueCell(Object.hasOwn(trial.params, name) ? trial.params[name] : null)),
    ...metricKeys.flatMap((key) => METRIC_STATS.map((stat) => numberCell(summary.get(key)?.[stat]))),
  ];
  return cells.join(',') + END_OF_ROW;
}

async function* chunksOf(pages: AsyncIterable<Iterable<string>>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const lines of pages) {
    for (const line of lines) {
      text += line;
      if (text.length < CHUNK_LENGTH) continue;
      yield Buffer.from(text);
      text = '';
      await nextTurn();
    }
  }
  if (text !== '') yield Buffer.from(text);
}
