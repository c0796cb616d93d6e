import { Command, type CommanderError, Option } from 'commander';
import { type CommandSpec, commands, type OptionSpec } from './commands.ts';
import { exitCodeWords } from './exit-codes.ts';
import { aRegion, aStack, something } from './option-checks.ts';
import { usageProblem } from './usage-problem.ts';
import { columns, wrapped } from './wrap.ts';

/** What was typed: the command, its arguments and options by name. */
export type Dispatch = (spec: CommandSpec, typed: Readonly<Record<string, unknown>>) => Promise<void>;

const shared: readonly OptionSpec[] = [
  { flags: '--policy <file>', description: 'policy file (default: holdfast.yaml)', check: something },
  { flags: '--stack <name>', description: 'CloudFormation stack (default: Holdfast)', check: aStack },
  { flags: '--region <name>', description: 'AWS Region (default: as for the AWS CLI)', check: aRegion },
  { flags: '--profile <name>', description: 'AWS profile (default: as for the AWS CLI)', check: something },
  { flags: '--json', description: 'one JSON document, or JSON lines for what progresses' },
  { flags: '--no-color', description: 'no colours (NO_COLOR does the same)' },
  { flags: '--debug', description: 'stack traces' },
];

/** Also on a wide terminal. */
const narrow = { helpWidth: columns };

/** The command line; parsing throws a Problem in place of ending the process, and CommanderError after help that was asked for. */
export function createProgram(version: string, dispatch: Dispatch): Command {
  const program = new Command('holdfast')
    .description('Backs up stateful workloads on AWS so that they can be trusted, and brings them back.')
    .version(version, '--version')
    .exitOverride((ended) => refuse(ended))
    .configureOutput(ownErrors)
    .configureHelp(narrow)
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', () => closing);
  for (const spec of commands) program.addCommand(commandOf(spec, dispatch));
  return program;
}

function commandOf(spec: CommandSpec, dispatch: Dispatch): Command {
  const [name = '', ...names] = spec.usage.split(' ');
  const command = new Command(name)
    .summary(spec.summary)
    .description(spec.description)
    .exitOverride((ended) => refuse(ended, name))
    .configureOutput(ownErrors)
    .configureHelp(narrow)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  npx holdfast ${example}`).join('\n')}`);
  for (const each of names) command.argument(each);
  for (const option of spec.options) command.addOption(optionOf(option));
  for (const option of shared) command.addOption(optionOf(option).helpGroup('Options of every command:'));
  return command.action(async () => {
    refuseMistakes(spec, command);
    const args: readonly unknown[] = command.processedArgs;
    const given = names.map((each, index) => [each.slice(1, -1), args[index]]);
    await dispatch(spec, { ...command.opts(), ...Object.fromEntries(given) });
  });
}

/** Whoever catches what is thrown reports it, as JSON too. */
const ownErrors = { outputError: () => undefined };

function refuse(ended: CommanderError, command?: string): never {
  const { exitCode, code, message } = ended;
  if (exitCode === 0) throw ended;
  if (code === 'commander.help') throw usageProblem('A command is missing.');
  if (command === undefined && shared.some(({ flags }) => message.includes(`'${flags.split(' ')[0]}'`)))
    throw usageProblem(`${message.replace(/^error: /, '')} in front of the command: options stand behind it.`);
  throw usageProblem(message.replace(/^error: /, ''), command);
}

/** All at once, before anything is asked of AWS. */
function refuseMistakes({ options }: CommandSpec, command: Command): void {
  const empty = command.processedArgs.flatMap((value, index) => {
    const problem = typeof value === 'string' ? something(value) : undefined;
    return problem === undefined ? [] : [`The ${command.registeredArguments[index]?.name()} ${problem}`];
  });
  const mistakes = [...options, ...shared].flatMap(({ flags, description, check }) => {
    const option = new Option(flags, description);
    const values = [command.getOptionValue(option.attributeName())].flat();
    return values.flatMap((value) => {
      const problem = typeof value === 'string' ? check?.(value) : undefined;
      return problem === undefined ? [] : [`${option.long} ${problem}`];
    });
  });
  const all = [...empty, ...mistakes];
  if (all.length > 0) throw usageProblem(all.join('\n'), command.name());
}

const optionOf = ({ flags, description, conflicts = [] }: OptionSpec): Option =>
  new Option(flags, description).conflicts([...conflicts]);

const closing = `
A first look, without an AWS account:
  npm run demo                    a night, a failure and a recovery in a simulated region
  npx holdfast region             the same region, to type these commands at

With an account:
  npx holdfast validate           is the policy right?
  npx holdfast plan               what will it back up?
  npx cdk deploy                  from now on it does
  npx holdfast status             how does everything stand?
  npx holdfast recover appliance  bring it back

Exit codes:
${exitCodeWords.map(([code, words]) => wrapped(`  ${String(code).padEnd(4)} ${words}`, ' '.repeat(7))).join('\n')}
`;
