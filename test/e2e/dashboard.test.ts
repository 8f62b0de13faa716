/**
 * A new user's first minutes in a real browser: start the demo, open the printed address, watch curves grow without a
 * reload, lose the server in the middle, and find every point of the database in the chart afterwards.
 */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeColumn } from '../../sdk/typescript/columns.js';
import {
  ExperimentIdentityDocument,
  type LogSource,
  ReportLogsDocument,
  SeriesDocument,
  StartTrialDocument,
} from '../../sdk/typescript/generated/operations.js';
import { decodeColumn } from '../../sdk/typescript/index.js';
import { findBrowser, launchBrowser } from '../support/browser.js';
import { createPlatform, matchOutput, type Platform, type Proc, processesOf, startCli } from '../support/platform.js';

const browserFound = findBrowser();
const METRIC = 'test/accuracy';

describe.skipIf(browserFound.path === null)(
  `dashboard${browserFound.path === null ? ` (skipped: ${browserFound.reason})` : ''}`,
  () => {
    let platform: Platform;
    let browser: Browser;
    let page: Page;
    let up: Proc;

    beforeAll(async () => {
      platform = await createPlatform();
      browser = await launchBrowser(browserFound.path as string);
      up = startCli(['up', '--demo'], {
        TRIALGRAPH_DATA_DIR: platform.dataDirectory,
        TRIALGRAPH_PORT: String(platform.port),
      });
    });
    afterAll(async () => {
      await browser.close();
      await up.kill('SIGTERM');
      await platform.close();
    });

    it('shows a search live, survives the death of its server, and then shows what is stored', {
      timeout: 240_000,
    }, async () => {
      page = await browser.newPage();
      // What Chromium says under the C locale, and Intl refuses.
      await page.addInitScript(
        "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix', configurable: true })",
      );
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(await matchOutput(up, /works once\): (\S+)/));
      await page.getByTestId('experiment-row').first().waitFor({ timeout: 30_000 });
      const id = await matchOutput(up, /\/experiments\/([0-9a-f-]{36})/);
      await page.goto(`${platform.url}/experiments/${id}?debug=1`);

      const before = await grown(page, 0);
      await grown(page, before);
      await killServer(platform);
      await page.locator('[data-testid="connection-state"]:not([data-state="live"])').waitFor({ timeout: 30_000 });
      await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor({ timeout: 60_000 });
      await grown(page, await points(page));
      await matchOutput(up, /best trial \d+/, 200_000);

      const client = await platform.client();
      const { experiment } = await client.request(ExperimentIdentityDocument, { path: 'examples/digits' });
      expect(experiment?.id).toBe(id);
      const shown = await expectStable(page);
      expect(shown.size).toBeGreaterThan(0);
      const { series } = await client.request(SeriesDocument, {
        trialIds: [...shown.keys()],
        keys: [METRIC],
        maxPoints: 10_000,
      });
      for (const [trialId, line] of shown) {
        const stored = series.series.filter((one) => one.trialId === trialId);
        const newest = stored.reduce(
          (last, one) => (one.attempt > last.attempt ? one : last),
          stored[0] as (typeof stored)[number],
        );
        expect(line.steps, `steps of trial ${line.number}`).toEqual([...decodeColumn(newest.steps)]);
        expect(line.values, `values of trial ${line.number}`).toEqual([...decodeColumn(newest.values)]);
      }
      await page.locator('[data-testid="best-trial"]').filter({ hasText: /\d/ }).waitFor();
      expect(problems).toEqual([]);
      await client.close();
    });

    it('opens one trial with its curves and its console', { timeout: 60_000 }, async () => {
      await page.getByTestId('trial-row').first().click();
      await page.waitForURL(/\/trials\//);

      await page
        .getByText(/epoch \d+ +loss/)
        .first()
        .waitFor();
      await page.getByTestId('metric-chart').first().waitFor();
    });

    it('finds a line of a long console that it has not loaded', { timeout: 60_000 }, async () => {
      const client = await platform.client();
      const { startTrial } = await client.request(StartTrialDocument, {
        input: { project: 'examples', experiment: 'chatty' },
      });
      const { id: trialId, attempt } = startTrial.trial;
      const all = Array.from({ length: 9_000 }, (_, i) => (i === 41 ? 'the \u001b[31mneedle\u001b[0m' : `hay ${i}`));
      for (let seq = 0; seq < all.length; seq += 3_000) {
        const lines = all.slice(seq, seq + 3_000);
        const sources = lines.map((): LogSource => 'STDOUT');
        const times = encodeColumn(Float64Array.from(lines, (_, i) => seq + i));
        await client.request(ReportLogsDocument, {
          input: { trialId, attempt, stream: 'console', seq, lines, sources, times },
        });
      }
      await client.close();

      await page.goto(`${platform.url}/trials/${trialId}`);
      await page.getByText('hay 8999').waitFor();
      expect(await page.getByText('needle').count()).toBe(0);
      await page.getByLabel('Find in the console').fill('NEEDLE');

      await page.locator('.tg-console mark').filter({ hasText: 'needle' }).waitFor();
      await page.getByText('1 of 9,000 lines').waitFor();
    });
  },
);

interface Line {
  readonly trialId: string;
  readonly number: number;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

async function lines(page: Page): Promise<readonly Line[]> {
  const text = await page.getByTestId('chart-data').first().textContent();
  return text ? (JSON.parse(text) as Line[]) : [];
}

async function points(page: Page): Promise<number> {
  return (await lines(page)).reduce((sum, line) => sum + line.steps.length, 0);
}

/** Waits until the chart has more than `count` points, without a reload. @returns how many it has. */
async function grown(page: Page, count: number): Promise<number> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const now = await page
      .getByTestId('chart-data')
      .count()
      .then((found) => (found > 0 ? points(page) : 0));
    if (now > count) return now;
    if (Date.now() > deadline) throw new Error(`the chart has ${now} points and does not grow`);
    await page.waitForTimeout(100);
  }
}

/** What is drawn, once it has not changed for a second. */
async function expectStable(page: Page): Promise<Map<string, Line>> {
  for (let last = ''; ; ) {
    const now = JSON.stringify(await lines(page));
    if (now === last) return new Map((JSON.parse(now) as Line[]).map((line) => [line.trialId, line]));
    last = now;
    await page.waitForTimeout(1_000);
  }
}

/** Kills -9 the server process below `up`, which starts it again. */
async function killServer(platform: Platform): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (const pid of await processesOf(platform.dataDirectory)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.split('\0').includes('server')) return void process.kill(pid, 'SIGKILL');
  }
  throw new Error('no server process was found');
}
