/** `npm run demo`: nights, failed ones, a disaster and recoveries of two policies, each in a simulated AWS region inside this process. */
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { connect } from '#cli/connect.ts';
import { validPolicy } from '#cli/policy.ts';
import type { Settings } from '#cli/shell.ts';
import { table } from '#cli/table.ts';
import type { Region } from '#simulator/region.ts';
import { openAccount, stackName } from './account.ts';
import { type Check, same } from './checks.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import { operate } from './operator.ts';
import type { Act, Stage } from './stage.ts';
import { type Story, stories } from './stories.ts';

function whole(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

const program = new Command('npm run demo --')
  .description(
    'Nights, failed ones, a disaster and recoveries of two policies, each in a simulated AWS region inside this process, in virtual time. Needs no AWS account, and changes nothing on this machine.',
  )
  .option('--json', 'JSON lines, one an event', false)
  .option('--seed <n>', 'from which the region draws its durations', whole, 7)
  .addHelpText('after', '\nExit codes: 0 every check held, 1 one did not.')
  .parse();
const values = z.parse(z.object({ json: z.boolean(), seed: z.number() }), program.opts());
const narrator = createNarrator(values.json, (line) => void process.stdout.write(`${line}\n`));
/** People click the link in SNS's mail some minutes after the deployment. */
const confirmAfterMs = 15 * 60_000;
/** No command takes longer, in virtual time. */
const operatedMs = 3 * 3_600_000;
const startedMs = performance.now();

narrator.say(
  'Everything below is SIMULATED: an AWS region in this process, in virtual time. Nothing leaves this machine.',
);
narrator.say(
  `The functions, roles, schedules and state machines are those that would be deployed. Seed ${values.seed}.`,
);
narrator.say('Bundling, synthesizing and deploying ...');
narrator.event({ seed: values.seed, simulated: true });

const checks: Check[] = [];
let virtualMs = 0;
for (const story of stories) await play(story);
conclude(narrator, checks);

async function play(story: Story): Promise<void> {
  const { stage, acts } = await openStage(story);
  const fromMs = stage.region.clock.nowMs();
  for (const act of acts) {
    narrator.act(act.id, act.title);
    note(await played(act, stage));
  }
  note([same('the simulation has nothing to complain of', 'none', stage.region.complaints().join('; ') || 'none')]);
  virtualMs += stage.region.clock.nowMs() - fromMs;
  stage.account.close();
}

function note(made: readonly Check[]): void {
  for (const check of made) narrator.check(check);
  checks.push(...made);
}

/** An act that breaks off is one more check that did not hold; the others still play. */
async function played(act: Act, stage: Stage): Promise<readonly Check[]> {
  try {
    return await act.play(stage);
  } catch (error) {
    return [
      same(`the act “${act.id}” played to its end`, 'it did', error instanceof Error ? error.message : String(error)),
    ];
  }
}

async function openStage({ policy, options, begin }: Story): Promise<{ stage: Stage; acts: readonly Act[] }> {
  const settings: Settings = { stack: stackName, policy, debug: false };
  let acts: readonly Act[] = [];
  const furnish = async (region: Region) => {
    acts = await begin(region);
  };
  const account = await openAccount(policy, {
    ...options,
    furnish,
    seed: values.seed,
    sns: { confirmAfterMs },
  });
  const { region } = account;
  Object.assign(process.env, {
    AWS_REGION: region.regionName,
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  });
  // Whatever this machine is logged in to is none of the demo's business.
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  await region.drive(connect(settings));
  const stage = {
    ...{ account, region, narrator, policy: validPolicy(policy).policy },
    operate: (commandLine: string) => region.drive(operate(narrator, settings, wordsOf(commandLine)), operatedMs),
  };
  return { stage, acts };
}

/** Words at spaces, but for those in double quotes. */
function wordsOf(commandLine: string): string[] {
  return [...commandLine.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function conclude(narrator: Narrator, checks: readonly Check[]): void {
  const broken = checks.filter(({ holds }) => !holds).length;
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  narrator.act('summary', 'Summary');
  narrator.event({ checks: checks.length, broken, seconds });
  const rows = checks.map(({ what, seen, holds }) => [
    holds ? 'ok' : 'NO',
    what,
    seen.length > 40 ? `${seen.slice(0, 37)}...` : seen,
  ]);
  if (!narrator.json)
    narrator.block(table({ paint: (_, text) => text }, ['', 'Check', 'Seen'], rows, { wraps: 1, indent: 0 }));
  narrator.say(
    `${checks.length - broken} of ${checks.length} checks held; ${Math.round(virtualMs / 3_600_000)} hours of virtual time in ${seconds} s.`,
  );
  process.exitCode = broken === 0 ? 0 : 1;
}
