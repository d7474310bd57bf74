// Help texts made of the same data as the parser: the overview, a command's own help, the topics.

import { Command, Option } from 'commander';
import type { AnyCommand, FlagSpec } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { globalFlags } from './global-flags.ts';
import { usageOf } from './program.ts';
import { topics } from './topics.ts';

const groupTitles = {
  discover: 'See what the server offers',
  read: 'Read objects',
  identity: 'Know who you are',
  talk: 'Talk to the API',
  learn: 'Learn and try',
  tool: 'About kapi',
} as const;

/**
 * @param topic a command, an alias, a topic, or undefined for the overview
 * @param columns width to wrap at
 * @throws UsageError for what is neither command nor topic
 */
export function helpText(
  topic: string | undefined,
  commands: readonly AnyCommand[],
  columns: number,
): string {
  if (topic === undefined) return overview(commands, columns);
  const spec = commands.find((one) => one.name === topic || one.aliases?.includes(topic));
  if (spec !== undefined) return commandHelp(spec, columns);
  if (topic === 'global-flags') return globalFlagsHelp(columns);
  const found = topics[topic];
  if (found !== undefined) return found.text;
  const known = [...commands.map((one) => one.name), ...Object.keys(topics), 'global-flags'];
  const near = nearest(topic, known);
  throw new UsageError(`there is no help for "${topic}"`, {
    code: 'UnknownTopic',
    hint:
      near.length > 0
        ? `did you mean kapi help ${near.join(' or kapi help ')}?`
        : `topics: ${Object.keys(topics).join(', ')}, global-flags`,
  });
}

function overview(commands: readonly AnyCommand[], columns: number): string {
  const terms = new Map(commands.map((spec) => [spec.name, termOf(spec)]));
  const program = commander('kapi', columns, terms)
    .usage('COMMAND [flags]')
    .description(
      'Talks to a Kubernetes API server the way people do with curl, and knows what kubectl knows: where the cluster is, who you are, what the server offers.',
    );
  for (const spec of commands) {
    program.addCommand(new Command(spec.name).summary(spec.summary).helpGroup(`${groupTitles[spec.group]}:`));
  }
  const lines = Object.entries(topics).map(([name, topic]) => `  ${name.padEnd(14)}${topic.summary}`);
  return `${program.helpInformation()}
Topics (kapi help TOPIC):
  ${'global-flags'.padEnd(14)}the flags that every command takes
${lines.join('\n')}

kapi COMMAND --help shows a command's flags and examples.
`;
}

function commandHelp(spec: AnyCommand, columns: number): string {
  const command = commander(`kapi ${spec.name}`, columns)
    .usage(usageOf(spec).replace(`kapi ${spec.name} `, ''))
    .description(spec.description);
  for (const argument of spec.arguments) {
    command.argument(
      argument.optional === true ? `[${argument.name}]` : `<${argument.name}>`,
      argument.description,
    );
  }
  addOptions(command, spec.flags);
  const aliases = spec.aliases === undefined ? '' : `Alias: ${spec.aliases.join(', ')}\n\n`;
  const examples = spec.examples.map((example) => `  # ${example.text}\n  ${example.command}`).join('\n\n');
  return `${command.helpInformation()}
${aliases}Examples:
${examples}

Flags of every command (cluster, credentials, namespace, colour, -v): kapi help global-flags
`;
}

function globalFlagsHelp(columns: number): string {
  const command = commander('kapi', columns)
    .usage('COMMAND [flags]')
    .description('Flags that every command takes, before or after its name.');
  addOptions(command, globalFlags);
  return command.helpInformation();
}

/** `list TYPE[,TYPE...]`: what stands in the list of commands. */
function termOf(spec: AnyCommand): string {
  return usageOf(spec)
    .replace(/^kapi /, '')
    .replace(/ \[flags\]$/, '');
}

function commander(name: string, columns: number, terms?: ReadonlyMap<string, string>): Command {
  return new Command(name)
    .helpOption(false)
    .helpCommand(false)
    .configureHelp({
      helpWidth: columns,
      // Terms as long as --certificate-authority leave a narrow second column at 80.
      minWidthToWrap: 24,
      sortSubcommands: false,
      subcommandTerm: (command) => terms?.get(command.name()) ?? command.name(),
      argumentTerm: (argument) => argument.name(),
    });
}

function addOptions(command: Command, flags: readonly FlagSpec[]): void {
  for (const flag of flags) {
    if (flag.hidden === true) continue;
    const short = flag.short === undefined ? '' : `-${flag.short}, `;
    const names = [flag.name, ...(flag.aliases ?? [])].map((name) => `--${name}`).join(', ');
    const value = flag.value === undefined ? '' : ` ${flag.value}`;
    const option = new Option(
      `${short}--${flag.name}${flag.value === undefined ? '' : ` <${flag.value}>`}`,
      describe(flag),
    );
    option.flags = `${short}${names}${value}`;
    command.addOption(option);
  }
}

function describe(flag: FlagSpec): string {
  const notes = [
    ...(flag.choices === undefined ? [] : [flag.choices.join(', ')]),
    ...(flag.default === undefined ? [] : [`default: ${flag.default}`]),
  ];
  return notes.length === 0 ? flag.description : `${flag.description} (${notes.join('; ')})`;
}
