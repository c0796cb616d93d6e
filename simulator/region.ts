/**
 * A simulated AWS region: services, their front door, virtual time, and the stacks deployed to it. Everything runs in this
 * process; while a region is open, the global clock and timers are faked and requests to AWS are answered by it.
 */

import { deleteStack, deployStack, type Ground, type Stack } from './deploy/deploy-stack.ts';
import { readAssembly } from './deploy/read-assembly.ts';
import { createResourcePolicies } from './deploy/resource-policies.ts';
import { createRoles } from './deploy/roles.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { type RegionServer, serveRegion } from './http-server.ts';
import { createIdentities, type Identities } from './iam/identity.ts';
import { interceptAws } from './interception.ts';
import type { CallLog } from './kernel/call-log.ts';
import { type Clock, stoppableClock } from './kernel/clock.ts';
import { createKernel, type OpenKernel } from './kernel/create-kernel.ts';
import type { Faults } from './kernel/faults.ts';
import { seedMathRandom } from './kernel/seeded-chance.ts';
import type { Caller } from './kernel/service.ts';
import { installVirtualTime, type VirtualTime } from './kernel/virtual-time.ts';
import { createNeighbour, type Neighbour } from './neighbour.ts';
import { type AllServices, createRegionServices, type Elsewhere, type ServiceOptions } from './region-services.ts';
import { statusEvent } from './services/cloudformation/status-event.ts';
import { guardCalls, withinReach } from './services/lambda/invocation-scope.ts';
import type { Mail } from './services/sns/sns.ts';
import type { Execution } from './services/states/execution.ts';

export interface RegionOptions extends ServiceOptions {
  /** Every random choice follows from it. Default 1. */
  readonly seed?: number;
  /** Virtual time at the beginning, epoch milliseconds. Default 2026-01-15T00:00:00Z. */
  readonly startMs?: number;
  /** Default `eu-west-1`. */
  readonly regionName?: string;
  /** Other Regions of the account, which have EC2, RDS and KMS. Default: none. */
  readonly neighbours?: readonly string[];
  /** Default `111122223333`. */
  readonly account?: string;
  /** Virtual milliseconds of every API call. Default 20. */
  readonly latencyMs?: number;
}

/** What a function answered. */
export interface Answer {
  readonly payload: unknown;
  /** Set when the function failed: `payload` is then `{ errorType, errorMessage, trace }`. */
  readonly functionError?: string;
}

export interface Region {
  readonly time: VirtualTime;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly services: AllServices;
  /** Throws when there is no such Region. */
  neighbour(regionName: string): Neighbour;
  readonly gateway: Gateway;
  readonly identities: Identities;
  readonly regionName: string;
  readonly account: string;
  /**
   * Creates or updates a stack from a synthesized `cdk.out`. Rejects with stack, resource and reason.
   * `parameters`: values of template parameters without default.
   */
  deploy(cdkOut: string, stackName: string, parameters?: Readonly<Record<string, string>>): Promise<Stack>;
  /** Deletes a stack, but for its retained resources. */
  destroy(stackName: string): Promise<void>;
  /** Makes an access key of a person to whom these managed policies of the account are attached, and nothing else. */
  admit(accessKeyId: string, ...policyArns: readonly string[]): void;
  /** A stack's outputs by name. Throws when there is no such stack. */
  outputs(stackName: string): Readonly<Record<string, string>>;
  /** Mail that this address received. */
  inbox(address: string): readonly Mail[];
  /** Invokes a function as the operator, letting virtual time pass until it has answered. */
  invoke(functionName: string, payload?: unknown): Promise<Answer>;
  /** Starts an execution as the operator, by machine name or ARN; it runs as time passes, and its entry follows. */
  startExecution(machine: string, input?: unknown, name?: string): Promise<Execution>;
  /** As of `time`: passes until the work has settled. */
  readonly drive: VirtualTime['drive'];
  /** Serves the region on loopback; virtual time follows the wall clock at `speed` (default 1). Port 0: a free one. */
  serve(options?: { readonly port?: number; readonly speed?: number }): Promise<RegionServer>;
  /** What must be empty at the end of an honest simulation, as readable lines. */
  complaints(): readonly string[];
  /** Gives clock, timers, process.env, console and network back. */
  close(): void;
}

/** What stands is changed some seconds after the stack's update has begun. */
const UPDATE_BEGINS_AFTER_MS = 10_000;
const DEFAULT_START_MS = Date.UTC(2026, 0, 15);

/** What a function's process may still say is decided before the call reaches the gateway. */
function guarded(gateway: Gateway, { opensearch }: AllServices): Gateway {
  return { ...gateway, handle: withinReach(opensearch.world.subnetsOf, guardCalls(gateway.handle)) };
}

interface Parts {
  readonly neighbours: ReadonlyMap<string, Neighbour>;
  readonly kernel: OpenKernel;
  readonly identities: Identities;
  readonly gateway: Gateway;
  readonly services: AllServices;
  readonly operator: Caller;
}

async function invoke({ gateway, operator }: Parts, functionName: string, payload: unknown): Promise<Answer> {
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(payload)));
  const input = { FunctionName: functionName, Payload: bytes };
  const reply: { readonly Payload?: Uint8Array; readonly FunctionError?: string } = Object(
    await gateway.perform({ caller: operator, service: 'lambda', operation: 'Invoke', input }),
  );
  const answer: unknown = reply.Payload ? JSON.parse(Buffer.from(reply.Payload).toString()) : null;
  return { payload: answer, ...(reply.FunctionError ? { functionError: reply.FunctionError } : {}) };
}

async function startExecution(
  parts: Parts,
  machine: string,
  input: unknown,
  name: string | undefined,
): Promise<Execution> {
  const { gateway, operator, kernel, services } = parts;
  const prefix = `arn:aws:states:${kernel.regionName}:${kernel.account}:stateMachine:`;
  const reply: { readonly executionArn?: string } = Object(
    await gateway.perform({
      caller: operator,
      service: 'states',
      operation: 'StartExecution',
      input: {
        stateMachineArn: machine.startsWith('arn:') ? machine : `${prefix}${machine}`,
        input: JSON.stringify(input),
        ...(name ? { name } : {}),
      },
    }),
  );
  const found = services.states.executions().find(({ arn }) => arn === reply.executionArn);
  if (!found) throw new Error(`no execution ${reply.executionArn}`);
  return found;
}

async function serve(parts: Parts, time: VirtualTime, port: number, speed: number): Promise<RegionServer> {
  const server = await serveRegion(guarded(parts.gateway, parts.services), port);
  const stop = time.paceRealTime(speed);
  return {
    url: server.url,
    close: async () => {
      stop();
      await server.close();
    },
  };
}

const complaintsOf = ({ unknownOperations, crashes }: Gateway): readonly string[] => [
  ...unknownOperations.map((operation) => `not simulated: ${operation}`),
  ...crashes.map(({ call, error }) => `simulator broke in ${call.service}:${call.operation}: ${String(error)}`),
];

function complaints({ gateway, neighbours, services }: Parts): readonly string[] {
  const lost = [...services.lambda.lost, ...services.events.lost, ...services.scheduler.lost];
  return [
    ...[gateway, ...[...neighbours.values()].map((each) => each.gateway)].flatMap(complaintsOf),
    ...lost.map(
      (each) =>
        `lost: ${JSON.stringify(each, (_, value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value))}`,
    ),
  ];
}

interface Open extends Parts {
  readonly time: VirtualTime;
  readonly stacks: Map<string, Stack>;
  readonly ground: Ground;
  readonly restoreNetwork: () => void;
  readonly restoreChance: () => void;
  readonly stopClock: () => void;
}

function open(options: RegionOptions): Open {
  const { seed = 1, startMs = DEFAULT_START_MS, regionName = 'eu-west-1', account = '111122223333' } = options;
  const time = installVirtualTime({ startMs });
  // What is under way when the region closes must not go on in real time: it would find no region, and keep the process up.
  const clock = stoppableClock();
  const kernel = createKernel({ seed, regionName, account, clock });
  const identities = createIdentities(account);
  const resourcePolicies = createResourcePolicies(account);
  const stacks = new Map<string, Stack>();
  const perform: Gateway['perform'] = (call) => gateway.perform(call);
  const neighbours = new Map<string, Neighbour>();
  const elsewhere: Elsewhere = (name) => (name === regionName ? services : neighbours.get(name)?.services);
  const services: AllServices = createRegionServices(kernel, {
    ...options,
    perform,
    resourcePolicies,
    stacks,
    elsewhere,
  });
  const latency = options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs };
  for (const name of options.neighbours ?? []) {
    const { ec2, rds } = options;
    neighbours.set(name, createNeighbour(kernel, name, { identities, elsewhere, ec2, rds, ...latency }));
  }
  const gateways = new Map([...neighbours].map(([name, neighbour]) => [name, neighbour.gateway]));
  const gateway = createGateway(kernel, Object.values(services), identities, { ...latency, neighbours: gateways });
  kernel.onEvent(services.events.emit);
  const ground = { kernel, services, roles: createRoles(identities), resourcePolicies };
  const operator = identities.resolve('').caller;
  const restoreNetwork = interceptAws(guarded(gateway, services));
  const restoreChance = seedMathRandom(kernel.random.fork('process'));
  return {
    kernel,
    neighbours,
    identities,
    gateway,
    services,
    operator,
    time,
    stacks,
    ground,
    restoreNetwork,
    restoreChance,
    stopClock: clock.stop,
  };
}

function stackOf(stacks: ReadonlyMap<string, Stack>, name: string): Stack {
  const stack = stacks.get(name);
  if (!stack) throw new Error(`no stack ${name}`);
  return stack;
}

function stackControls({
  kernel,
  identities,
  time,
  stacks,
  ground,
}: Open): Pick<Region, 'deploy' | 'destroy' | 'admit' | 'outputs'> {
  return {
    async deploy(cdkOut, stackName, parameters = {}) {
      const previous = stacks.get(stackName);
      if (previous !== undefined) {
        kernel.emit(statusEvent(previous.id, 'UPDATE_IN_PROGRESS'));
        await time.advance(UPDATE_BEGINS_AFTER_MS);
      }
      const work = deployStack(ground, readAssembly(cdkOut, stackName), stackName, { parameters, previous });
      const stack = await time.drive(work);
      stacks.set(stackName, stack);
      kernel.emit(statusEvent(stack.id, previous === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE'));
      return stack;
    },
    async destroy(stackName) {
      await time.drive(deleteStack(stackOf(stacks, stackName)));
      stacks.delete(stackName);
    },
    admit(accessKeyId, ...policyArns) {
      const arn = `arn:aws:iam::${kernel.account}:user/${accessKeyId}`;
      const caller = { kind: 'role', arn, name: `user:${accessKeyId}` } as const;
      identities.register(accessKeyId, { caller, policies: policyArns.map(ground.roles.managed) });
    },
    outputs: (stackName) => stackOf(stacks, stackName).outputs,
  };
}

/** Opens a region. One at a time in a process; close it before opening the next. */
export async function createRegion(options: RegionOptions = {}): Promise<Region> {
  const opened = open(options);
  const { kernel, gateway, services, time } = opened;
  return {
    ...{ time, clock: kernel.clock, faults: kernel.faults, calls: kernel.calls, services, gateway },
    ...{ identities: opened.identities, regionName: kernel.regionName, account: kernel.account },
    ...stackControls(opened),
    neighbour: (name) => {
      const found = opened.neighbours.get(name);
      if (!found) throw new Error(`there is no Region ${name}`);
      return found;
    },
    inbox: services.sns.inbox,
    invoke: (name, payload = {}) => time.drive(invoke(opened, name, payload)),
    startExecution: (machine, input = {}, name) => time.drive(startExecution(opened, machine, input, name)),
    drive: time.drive,
    serve: ({ port = 0, speed = 1 } = {}) => serve(opened, time, port, speed),
    complaints: () => complaints(opened),
    close() {
      opened.stopClock();
      opened.restoreNetwork();
      opened.restoreChance();
      services.lambda.close();
      time.uninstall();
    },
  };
}
