/** One call, from acceptance to outcome, the same whether it came over the wire or from inside the region. */
import { authorize } from '../iam/authorize.ts';
import type { Identity } from '../iam/identity.ts';
import type { Buckets } from './buckets.ts';
import type { FaultEffect } from './faults.ts';
import { type Access, ApiError, type Call, type Kernel, type Service } from './service.ts';

export interface CallGround {
  readonly kernel: Kernel;
  readonly buckets: Buckets;
  readonly latencyMs: () => number;
  /** Told of an exception that is no refusal: a bug of the simulation. */
  readonly onCrash: (call: Call, error: unknown) => void;
  readonly nextId: () => string;
}

export interface CallResult {
  readonly id: string;
  readonly output: unknown;
  /** The effect happened, and the reply must not arrive. */
  readonly lost: boolean;
}

/** Thrown for a call whose effect failed and whose reply a fault lost. */
export class LostRefusal extends Error {
  override readonly name = 'LostRefusal';
}

const THROTTLES: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  autoscaling: { code: 'Throttling', status: 400 },
  cloudformation: { code: 'Throttling', status: 400 },
  ec2: { code: 'RequestLimitExceeded', status: 503 },
  lambda: { code: 'TooManyRequestsException', status: 429 },
  sns: { code: 'Throttled', status: 429 },
};

function throttle(ground: CallGround, service: Service, operation: string, input: unknown): void {
  const draws = service.buckets?.(operation, input) ?? [];
  if (ground.buckets.draw(draws.map((draw) => ({ ...draw, bucket: `${service.name}:${draw.bucket}` }))) === undefined)
    return;
  const { code, status } = THROTTLES[service.name] ?? { code: 'ThrottlingException', status: 400 };
  throw new ApiError(code, service.name === 'ec2' ? 'Request limit exceeded.' : 'Rate exceeded', status);
}

async function operate(ground: CallGround, service: Service, call: Call, input: unknown): Promise<unknown> {
  const operation = service.operations[call.operation];
  if (!operation) throw new ApiError('UnknownOperation', `${call.service}:${call.operation} is not simulated`, 501);
  try {
    return await operation(input, call);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    ground.onCrash(call, error);
    throw new ApiError('InternalError', `The simulated ${call.service}:${call.operation} broke: ${String(error)}`, 500);
  }
}

async function suffer(ground: CallGround, effect: FaultEffect | undefined): Promise<void> {
  if (effect?.kind === 'delay') await ground.kernel.clock.sleep(effect.ms);
  if (effect?.kind !== 'refuse') return;
  if (effect.afterMs) await ground.kernel.clock.sleep(effect.afterMs);
  throw new ApiError(effect.code, effect.message, effect.status);
}

interface Attempt {
  readonly service: Service;
  readonly call: Call;
  readonly input: unknown;
  readonly identity: Identity;
}

interface Verdict {
  readonly output?: unknown;
  readonly error?: ApiError;
  readonly accesses: readonly Access[];
}

function accessesOf(ground: CallGround, { service, call, input }: Attempt): readonly Access[] {
  try {
    return service.access(call.operation, input);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    ground.onCrash(call, error);
    throw new ApiError('InternalError', `access() of ${call.service}:${call.operation} broke: ${String(error)}`, 500);
  }
}

async function decide(ground: CallGround, attempt: Attempt, effect: FaultEffect | undefined): Promise<Verdict> {
  const { service, call, input, identity } = attempt;
  let accesses: readonly Access[] = [];
  try {
    await suffer(ground, effect);
    throttle(ground, service, call.operation, input);
    accesses = accessesOf(ground, attempt);
    authorize(service.name, identity, accesses, { 'aws:RequestedRegion': ground.kernel.regionName });
    return { output: await operate(ground, service, call, input), accesses };
  } catch (error) {
    if (error instanceof ApiError) return { error, accesses };
    throw error;
  }
}

function record(ground: CallGround, { call, input }: Attempt, verdict: Verdict, lost: boolean): void {
  const { error, accesses } = verdict;
  const errorCode = error ? { errorCode: error.name } : {};
  const outcome = lost ? 'lost' : error ? 'refused' : 'ok';
  ground.kernel.calls.record({ call, input, outcome, ...errorCode, accesses, endedMs: ground.kernel.clock.nowMs() });
}

/**
 * Accepts a call after the network's latency, lets faults, throttles and policies have their say, runs it, and logs it.
 * @throws ApiError when refused; LostRefusal when refused and the reply lost.
 */
export async function performCall(
  ground: CallGround,
  identity: Identity,
  service: Service,
  operation: string,
  input: unknown,
  origin?: string,
): Promise<CallResult> {
  const { kernel } = ground;
  await kernel.clock.sleep(ground.latencyMs());
  const { caller } = identity;
  const call: Call = {
    ...{ id: ground.nextId(), service: service.name, operation, caller, timeMs: kernel.clock.nowMs() },
    ...(origin === undefined ? {} : { origin }),
  };
  const attempt = { service, call, input, identity };
  const effect = kernel.faults.take(call, input);
  const verdict = await decide(ground, attempt, effect);
  const lost = effect?.kind === 'lose-reply';
  if (lost && effect.afterMs) await kernel.clock.sleep(effect.afterMs);
  record(ground, attempt, verdict, lost);
  if (effect?.kind === 'deliver-twice') record(ground, attempt, await decide(ground, attempt, undefined), false);
  if (verdict.error) throw lost ? new LostRefusal(verdict.error.name) : verdict.error;
  return { id: call.id, output: verdict.output, lost };
}
