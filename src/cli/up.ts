/** `trialgraph up`: server, dashboard, embedded Postgres and one local runner; with `--demo` also a real search. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { formatDuration } from './output.js';
import { environmentOf, type ServerFlags, serverOptions } from './server.js';
import { stopSignal } from './stopping.js';

interface UpFlags extends ServerFlags {
  readonly demo?: boolean;
  readonly runner: boolean;
}

export function addUpCommand(program: Command): void {
  serverOptions(program.command('up'))
    .description('start everything on this machine: server, dashboard, Postgres and a local runner')
    .option('--no-runner', 'without the local runner')
    .option('--demo', 'also run the demo search: hyperparameters of a small network on handwritten digits')
    .action(async (flags: UpFlags) => {
      process.exitCode = await up(flags);
    });
}

async function up(flags: UpFlags): Promise<number> {
  const startedAt = performance.now();
  const signal = stopSignal({ limitSeconds: 90 });
  const { runUp } = await import('../main/up.js');
  let isFirst = true;
  process.stdout.write('Starting Trialgraph …\n');
  signal.addEventListener('abort', () => process.stdout.write('\nStopping: trials are given back to the queue …\n'));
  return runUp(
    {
      entry: fileURLToPath(new URL('./trialgraph.js', import.meta.url)),
      environment: { ...environmentOf(flags), NODE_ENV: 'production' },
      withRunner: flags.runner,
      log: (line) => process.stdout.write(`${line}\n`),
      onServerReady: (server) => {
        if (!isFirst) return;
        isFirst = false;
        process.stdout.write(
          `\n  Trialgraph is ready (${formatDuration((performance.now() - startedAt) / 1_000)}): ${server.url}\n`,
        );
        process.stdout.write(`  Open it signed in (works once): ${server.loginUrl}\n`);
        process.stdout.write(
          '  For another browser: npx trialgraph open. Ctrl+C stops it; starting again continues where it was.\n\n',
        );
        if (flags.demo === true) void demo(flags, signal);
      },
    },
    signal,
  );
}

/** A demo that fails says so, and leaves the server up. */
async function demo(flags: UpFlags, signal: AbortSignal): Promise<void> {
  const { runDemo } = await import('./search/demo.js');
  try {
    await runDemo({ dataDir: flags.dataDir }, signal);
  } catch (error) {
    if (!signal.aborted)
      process.stderr.write(`the demo search failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
