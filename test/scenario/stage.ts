/**
 * A stage for scenarios: the simulated region with the synthesized stack deployed and a small fleet in it. What a scenario
 * looks at is what an operator could see: EC2, guests, inboxes, executions, and the ledger by its own reading functions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { Point } from '#domain/point.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import type { Run } from '#domain/run.ts';
import { bundle } from '#infra/bundle.ts';
import { createApp } from '#infra/create-app.ts';
import { Holdfast } from '#infra/holdfast.ts';
import { pointsOf } from '#ledger/points.ts';
import { runsOf } from '#ledger/runs.ts';
import { createRegion, type Region, type RegionOptions } from '#simulator/region.ts';
import type { Execution } from '#simulator/services/states/execution.ts';
import { notePrivileges } from '../privileges/record.ts';
import { launchFleet } from './fleet.ts';
import { nightly } from './policy.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Where every scenario begins: two hours before the nightly backup. */
export const startMs = Date.UTC(2026, 0, 15, 1, 0, 0);
export const failuresAddress = 'ops@example.com';
export const reportsAddress = 'backups@example.com';

const operatorEnvironment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
  AWS_SECRET_ACCESS_KEY: 'simulated',
};

export interface Stage extends Region {
  /** Outputs of the stack. */
  readonly deployed: Readonly<Record<string, string>>;
}

export interface StageOptions extends RegionOptions {
  readonly policy?: PolicyInput;
}

/** Opens a region, deploys the stack with `policy` (default: two workloads, nightly at 03:00 UTC) and launches the fleet. */
export async function openStage({ policy = nightly(), ...options }: StageOptions = {}): Promise<Stage> {
  const cdkOut = assemblyOf(policy);
  const region = await createRegion({
    startMs,
    reuseModules: true,
    sns: { confirmAfterMs: 15 * minuteMs },
    ...options,
  });
  launchFleet(region);
  await region.deploy(cdkOut, 'Holdfast');
  const deployed = region.outputs('Holdfast');
  // The ledger's own reading functions then work in the scenario, as they do in the command line.
  Object.assign(process.env, {
    ...operatorEnvironment,
    HOLDFAST_STACK: 'Holdfast',
    HOLDFAST_TABLE: deployed.HoldfastLedger,
  });
  const close = () => {
    notePrivileges(region);
    region.close();
  };
  return { ...region, deployed, close };
}

/** The next deployment of the stack, with another policy. */
export async function redeploy(stage: Stage, policy: PolicyInput): Promise<void> {
  await stage.deploy(assemblyOf(policy), 'Holdfast');
}

/** A stack beside it in the account and Region. */
export async function deployBeside(stage: Stage, stackName: string, policy: PolicyInput): Promise<void> {
  await stage.deploy(assemblyOf(policy, stackName), stackName);
}

/** Assets are read where they are made: as copies they would be a hundred megabytes a policy. */
const context = { 'aws:cdk:disable-asset-staging': true };

const assemblies = new Map<string, string>();
let folder: string | undefined;

/** One assembly a policy: sweeps open hundreds of stages that differ in their faults only. */
export function assemblyOf(policy: PolicyInput, stackName = 'Holdfast'): string {
  const key = JSON.stringify([policy, stackName]);
  const known = assemblies.get(key) ?? synthesize(policy, stackName);
  assemblies.set(key, known);
  return known;
}

function synthesize(policy: PolicyInput, stackName: string): string {
  const outdir = join(assembliesFolder(), String(assemblies.size));
  const app = createApp({ outdir, builtinCloudFormationValidation: false, context });
  new Holdfast(new Stack(app, stackName, { suppressTemplateIndentation: true }), 'Default', {
    ...policy,
    bundlesDirectory: process.env.HOLDFAST_BUNDLES ?? bundle().directory,
  });
  app.synth();
  return outdir;
}

/** Functions that one stage loaded serve the next, too: what they read lives as long as the process. */
function assembliesFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'holdfast-stages-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

/** Lets time pass until the condition holds; fails with `what` when it does not within the limit. */
export async function until(stage: Stage, what: string, condition: () => boolean, limitMs = hourMs): Promise<void> {
  if (!(await stage.time.until(condition, limitMs))) throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
}

/** Executions of one machine, by the output that names it. */
export function executions(stage: Stage, machine: 'protect' | 'recover'): readonly Execution[] {
  const arn = stage.deployed[machine === 'protect' ? 'HoldfastProtect' : 'HoldfastRecover'];
  return stage.services.states.executions().filter(({ machineArn }) => machineArn === arn);
}

/** Subjects of the mail to an address, oldest first. */
export const subjects = (stage: Stage, address = failuresAddress): readonly string[] =>
  stage.inbox(address).map(({ subject }) => subject);

/** From now until the executions of the next night have ended. */
export async function window(stage: Stage): Promise<void> {
  const before = executions(stage, 'protect').length;
  await until(stage, 'the window opens', () => executions(stage, 'protect').length > before, 25 * hourMs);
  await stage.time.advance(5000); // the night's workloads begin within seconds of each other
  const isOver = () => executions(stage, 'protect').every(({ status }) => status !== 'RUNNING');
  await until(stage, 'the window closes', isOver);
}

/** The next night until nothing of it is unfinished: its snapshots complete, its points sealed. */
export async function night(stage: Stage): Promise<void> {
  await window(stage);
  await stage.time.advance(hourMs);
}

export const runsIn = (stage: Stage, workload: string): Promise<readonly Run[]> => stage.drive(runsOf(workload));
export const pointsIn = (stage: Stage, workload: string): Promise<readonly Point[]> => stage.drive(pointsOf(workload));

/** Whether anything in the guest is frozen or kept from working. */
export function isHeld(stage: Stage, instanceId: string): boolean {
  const { mounts, applications } = stage.services.ec2.world.guest(instanceId).inspect();
  const isFrozen = mounts.some(({ frozen }) => frozen);
  return isFrozen || applications.some(({ status }) => status === 'held' || status === 'blocked');
}

/** Closes the stage; fails when the simulation was not honest: a call it does not know, a fault or a crash that never happened. */
export function closeStage(stage: Stage): void {
  const troubles = [
    ...stage.complaints(),
    ...[...stage.faults.unused(), ...stage.services.lambda.crashesMissed()].map(
      (never) => `never happened: ${JSON.stringify(never)}`,
    ),
  ];
  stage.close();
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
}
