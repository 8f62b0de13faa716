/** `trialgraph server`: the API and the dashboard, without a runner. */
import { type Command, Option } from 'commander';
import { dataDirectoryOption } from './connection.js';
import { stopSignal } from './stopping.js';

export function serverOptions(command: Command): Command {
  return command
    .addOption(dataDirectoryOption())
    .addOption(new Option('--port <port>', 'port to listen on').env('TRIALGRAPH_PORT').default('7777'))
    .addOption(new Option('--host <address>', 'address to listen on').env('TRIALGRAPH_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--samplers <files>', 'samplers of your own: .mjs files, with commas between').env(
        'TRIALGRAPH_SAMPLERS',
      ),
    );
}

export interface ServerFlags {
  readonly dataDir: string;
  readonly port: string;
  readonly host: string;
  readonly samplers?: string;
}

/** The environment with the flags in it: configuration is read in one place, from one form. */
export function environmentOf(flags: ServerFlags): NodeJS.ProcessEnv {
  return {
    ...process.env,
    TRIALGRAPH_DATA_DIR: flags.dataDir,
    TRIALGRAPH_PORT: flags.port,
    TRIALGRAPH_HOST: flags.host,
    TRIALGRAPH_SAMPLERS: flags.samplers,
  };
}

export function addServerCommand(program: Command): void {
  serverOptions(program.command('server'))
    .description('start the server (API and dashboard); needs no Postgres of yours')
    .action(async (flags: ServerFlags) => {
      process.env.NODE_ENV ??= 'production';
      const signal = stopSignal({ limitSeconds: 30 });
      const { readConfig } = await import('../main/config.js');
      const { startServer } = await import('../main/server.js');
      const { EXIT_MISCONFIGURED } = await import('../main/up.js');
      try {
        const server = await startServer(readConfig(environmentOf(flags)));
        const ready = { type: 'ready', url: server.url, loginUrl: await server.loginUrl() };
        if (process.connected) process.send?.(ready);
        else
          process.stdout.write(
            `Trialgraph is ready: ${ready.url}\nOpen it signed in (works once): ${ready.loginUrl}\n`,
          );
        if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
        await server.close();
        process.exit(0);
      } catch (error) {
        process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(isMisconfigured(error) ? EXIT_MISCONFIGURED : 1);
      }
    });
}

/** Another try cannot help when a setting is wrong, or the data is of another release. */
function isMisconfigured(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ConfigError' || ('code' in error && error.code === 'STATE_CONFLICT');
}
