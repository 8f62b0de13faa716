/** `trialgraph samplers | pruners [kind]`: the methods that a search may name, as the server describes them. */
import type { Command } from 'commander';
import { type MethodInfoFieldsFragment, MethodsDocument } from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, type OutputOptions, printJson, printTable } from '../output.js';

type Flags = ConnectionOptions & OutputOptions;
type Option = MethodInfoFieldsFragment['options'][number];

export function addMethodCommands(program: Command): void {
  for (const noun of ['samplers', 'pruners'] as const) {
    const description = noun === 'samplers' ? 'what can propose trials' : 'what can end trials early';
    withConnection(program.command(`${noun} [kind]`))
      .description(`${description}; with a kind, its options`)
      .option('--json', 'print JSON')
      .action((kind: string | undefined, flags: Flags) => show(noun, kind, flags));
  }
}

async function show(noun: 'samplers' | 'pruners', kind: string | undefined, flags: Flags): Promise<void> {
  await withClient(flags, async (client) => {
    const methods = (await client.request(MethodsDocument, {}))[noun];
    if (kind === undefined) return flags.json === true ? printJson(methods) : printMethods(methods);
    const method = methods.find((one) => one.kind === kind);
    if (method === undefined)
      throw new CommandError(
        `no ${noun.slice(0, -1)} is called ${kind}: use ${methods.map((one) => one.kind).join(', ')}`,
        2,
      );
    return flags.json === true ? printJson(method) : printMethod(method);
  });
}

function printMethods(methods: readonly MethodInfoFieldsFragment[]): void {
  const isOneNeedy = methods.some(({ needsCheckpoints }) => needsCheckpoints);
  const need = (text: string) => (isOneNeedy ? [text] : []);
  const rows = methods.map(({ kind, options, needsCheckpoints, summary }) => [
    kind,
    String(options.length),
    ...need(needsCheckpoints ? 'needed' : '-'),
    summary,
  ]);
  printTable(['kind', 'options', ...need('checkpoints'), 'what it does'], rows, 'there are none');
}

function printMethod({ kind, summary, source, objectives, needsCheckpoints, options }: MethodInfoFieldsFragment): void {
  process.stdout.write(`${kind}: ${summary}\n`);
  if (objectives)
    process.stdout.write(`serves ${objectives === 'ONE' ? 'one objective' : 'one or several objectives'}\n`);
  if (needsCheckpoints) process.stdout.write('needs checkpoints: trials save them when they are asked to pause\n');
  if (source) process.stdout.write(`source: ${source}\n`);
  const rows = options.map((option) => [
    option.name,
    option.type,
    option.defaultValue === null ? '-' : String(JSON.parse(option.defaultValue)),
    rangeOf(option),
    option.doc,
  ]);
  printTable(['option', 'type', 'default', 'range', 'what it does'], rows, 'it has no options');
}

function rangeOf({ min, max, choices }: Option): string {
  if (choices) return choices.join(' | ');
  if (min === null && max === null) return '-';
  if (max === null) return `>= ${min}`;
  return min === null ? `<= ${max}` : `${min} to ${max}`;
}
