import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputInvalidError, NetworkError, NotFoundError, StorageFullError } from '../../sdk/typescript/errors.js';
import { type Ack, type Batch, Sender, type Transport } from '../../sdk/typescript/sender.js';
import { isSent } from '../../sdk/typescript/sent-spools.js';
import { Spool } from '../../sdk/typescript/spool.js';
import { FakeServer } from './fake-server.js';
import { aChunk, aFolder, aHeader, until } from './support.js';

test('points arrive once and in order', async () => {
  const { sender, server } = aSender();
  sender.add(aChunk(0, 3));
  sender.add(aChunk(3, 2));

  const report = await sender.finish(null, 5000);

  expect(report).toMatchObject({ isDelivered: true, unsent: 0, rewinds: 0 });
  expect(values(server)).toEqual([0, 1, 2, 3, 4]);
});

test('a server that lost points it had acknowledged gets them again from the spool', async () => {
  const { sender, server } = aSender();
  sender.add(aChunk(0, 10));
  await until(() => server.points.length === 10);

  server.forget(7);
  sender.add(aChunk(10, 5));
  const report = await sender.finish(null, 5000);

  expect(report.rewinds).toBe(1);
  expect(values(server)).toEqual(Array.from({ length: 15 }, (_, at) => at));
});

test('a conflict keeps the first value and goes on', async () => {
  const { sender, server, warnings } = aSender();
  const stored = [0, 1].map((value) => ({ key: 'loss', step: value, value: -value }));
  server.streams.set('t/1/main', stored);
  sender.add(aChunk(0, 2));
  sender.add(aChunk(2, 2));

  const report = await sender.finish(null, 5000);

  expect(report).toMatchObject({ conflicts: 1, isDelivered: true });
  expect(values(server)).toEqual([-0, -1, 2, 3]);
  expect(warnings).toHaveLength(1);
});

test('a fenced attempt stops sending, counts what is refused and asks to stop', async () => {
  const { sender, server, stops } = aSender();
  server.isFenced = true;
  sender.add(aChunk(0, 4));

  const report = await sender.finish(null, 5000);

  expect(report).toMatchObject({ isDelivered: false, unsent: 0, refused: 4 });
  expect(stops).toEqual(['a newer attempt owns the trial']);
});

test('a deleted trial is like a fenced one', async () => {
  const { sender } = aSender({ report: () => Promise.reject(new NotFoundError('NOT_FOUND', 'gone', 'never')) });
  sender.add(aChunk(0, 4));

  expect((await sender.finish(null, 5000)).refused).toBe(4);
});

test('the verdict of an ack reaches the training loop', async () => {
  const { sender, server, stops } = aSender();
  server.verdict = { stop: true, reason: 'worse than the median' };
  sender.add(aChunk(0, 1));

  await sender.finish(null, 5000);

  expect(stops).toContain('worse than the median');
});

test('a batch that the server will never take is given up and counted; the next ones arrive', async () => {
  const server = new FakeServer();
  const { sender } = aSender({
    report: async (batch) => {
      if (isBad(batch)) throw new InputInvalidError('INPUT_INVALID', 'a bad key', 'never');
      return server.report({ ...batch, trialId: 't', attempt: 1 }) as Ack;
    },
  });
  sender.add(aChunk(0, 2));
  sender.add({ ...aChunk(2, 3), newNames: ['bad'], keyIds: Int32Array.of(1, 1, 1) });
  sender.add(aChunk(5, 2));

  const report = await sender.finish(null, 5000);

  expect(report).toMatchObject({ isDelivered: true, dropped: 3 });
  expect(values(server)).toEqual([0, 1, 5, 6]);
  expect(server.dropped).toBe(3);
});

test('a full server is left in peace for as long as it asks, and every point arrives when it has room', async () => {
  const waits: number[] = [];
  let refusals = 3;
  const server = new FakeServer();
  const { sender } = aSender({
    report: async (batch) => {
      if (refusals-- > 0)
        throw new StorageFullError('STORAGE_FULL', 'the disk is full', 'later', { retryAfterSeconds: 5 });
      return server.report({ ...batch, trialId: 't', attempt: 1 }) as Ack;
    },
    wait: async (ms) => {
      waits.push(ms);
    },
  });
  sender.add(aChunk(0, 4));

  const report = await sender.finish(null, 5000);

  expect(report).toMatchObject({ isDelivered: true, unsent: 0, dropped: 0 });
  expect(values(server)).toEqual([0, 1, 2, 3]);
  expect(waits).toHaveLength(3);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(5000);
  expect(Math.max(...waits)).toBeLessThan(10_000);
});

test('when time is up, the rest stays in the spool and another process sends it', async () => {
  const { sender, spool, folder } = aSender({ report: () => Promise.reject(new NetworkError('away')) });
  sender.add(aChunk(0, 4));
  const report = await sender.finish({ state: 'COMPLETED', value: 1, message: null }, 50);
  expect(report).toMatchObject({ isDelivered: false, unsent: 4 });

  const { sender: second, server, ends } = aSender({ spool: Spool.load(folder, spool.name) });
  const late = await second.finish(null, 5000);

  expect(late.isDelivered).toBe(true);
  expect(values(server)).toEqual([0, 1, 2, 3]);
  expect(ends).toHaveLength(1);
  expect(Spool.list(folder).filter((name) => !isSent(folder, name))).toEqual([]);
});

test('whatever is lost on the way, duplicated or forgotten by the server, the points are those that were logged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('ok', 'lost request', 'lost reply', 'forget'), { maxLength: 40 }),
      async (faults) => {
        const server = new FakeServer();
        const script = [...faults];
        const report = async (batch: Batch): Promise<Ack> => {
          const fault = script.shift() ?? 'ok';
          if (fault === 'lost request') throw new NetworkError('lost');
          if (fault === 'forget') server.forget(9); // more than a batch: points that were acknowledged
          const ack = server.report({ ...batch, trialId: 't', attempt: 1 }) as Ack;
          if (fault === 'lost reply') throw new NetworkError('lost');
          return ack;
        };
        const { sender } = aSender({ report, wait: () => new Promise(setImmediate) });
        for (let from = 0; from < 60; from += 6) sender.add(aChunk(from, 6));

        const { isDelivered } = await sender.finish(null, 60_000);

        expect(isDelivered).toBe(true);
        expect(values(server)).toEqual(Array.from({ length: 60 }, (_, at) => at));
      },
    ),
    { numRuns: 200, seed: 7 },
  );
}, 60_000);

function aSender(
  options: { report?: Transport['report']; spool?: Spool | null; wait?: (ms: number) => Promise<void> } = {},
) {
  const server = new FakeServer();
  const folder = aFolder();
  const spool = options.spool ?? Spool.create(folder, aHeader());
  const warnings: string[] = [];
  const stops: (string | null)[] = [];
  const ends: unknown[] = [];
  const report = async (batch: Batch) => server.report({ ...batch, trialId: 't', attempt: 1 }) as Ack;
  const transport: Transport = {
    report: options.report ?? report,
    finish: async (end) => {
      ends.push(end);
    },
  };
  const sender = new Sender({
    spool,
    transport,
    wait: options.wait,
    onVerdict: (reason) => stops.push(reason),
    onWarning: (text) => warnings.push(text),
  });
  sender.start();
  return { sender, server, spool, folder, warnings, stops, ends };
}

function isBad(batch: Batch): boolean {
  return batch.series.some(({ key }) => key === 'bad');
}

function values(server: FakeServer): number[] {
  return server.points.map(({ value }) => value);
}
