/** What goes wrong in one night of a long run, drawn by chance. */
import type { Random } from '#simulator/kernel/random.ts';
import { executions, hourMs, minuteMs, type Stage } from '../scenario/stage.ts';
import { outage, variantsOf } from './call-mishaps.ts';
import { stopExecution } from './moment.ts';
import { oneOf } from './pairs.ts';
import { stepOf } from './step-of.ts';

/** Arms itself; returns what it is, for a person to read. */
type Draw = (stage: Stage, random: Random, nightMs: number) => string;

/** Three calls at most, of an operation that some function has called before. */
const callGoesWrong: Draw = ({ faults, calls, clock }, random) => {
  const made = calls.all().filter(({ call }) => call.caller.name.startsWith('function:'));
  if (made.length === 0) return 'nothing was called yet';
  const { call } = oneOf(random, made);
  const { service, operation, caller } = call;
  const {
    name,
    effect,
    times,
    forMs = Infinity,
  } = oneOf(
    random,
    variantsOf({ service, operation }).filter((each) => each.name !== 'denied'),
  );
  let sinceMs: number | undefined;
  const when = () => {
    sinceMs ??= clock.nowMs();
    return clock.nowMs() - sinceMs < forMs;
  };
  const skip = Math.floor(random.between(0, 4));
  faults.add({ service, operation, caller: caller.name, when, skip, times, effect });
  return `${stepOf(caller.name)}:${service}.${operation}:${skip}:${name}`;
};

const functionDies: Draw = ({ services: { lambda } }, random) => {
  const functionName = oneOf(random, lambda.names());
  const afterCalls = Math.floor(random.between(0, 10));
  lambda.crash({ functionName, afterCalls, skip: Math.floor(random.between(0, 3)) });
  return `${stepOf(functionName)}:crash:${afterCalls}`;
};

const eventsGoAstray: Draw = ({ faults, clock }, random, nightMs) => {
  const source = oneOf(random, ['aws.ec2', 'aws.states', 'aws.events', 'aws.scheduler']);
  const outcome = oneOf(random, ['drop', 'double', { delayMs: 7 * minuteMs }] as const);
  const untilMs = nightMs + random.between(1, 3) * hourMs;
  const when = () => clock.nowMs() > nightMs && clock.nowMs() < untilMs && random.next() < 0.5;
  faults.add({ source, when, times: Infinity, outcome });
  return `events of ${source}: ${JSON.stringify(outcome)}`;
};

/** For an hour. */
const zoneIsOut: Draw = ({ services: { ec2 }, clock }, random, nightMs) => {
  const zone = oneOf(random, ['eu-west-1a', 'eu-west-1b']);
  const fromMs = nightMs + random.between(0, hourMs);
  const agents = (state: 'agentOffline' | 'agentOnline') => {
    for (const { id, availabilityZone } of ec2.world.instances.values()) {
      if (availabilityZone === zone) ec2.arrange[state](id);
    }
  };
  clock.at(fromMs, () => {
    ec2.arrange.zoneOutage(zone);
    agents('agentOffline');
  });
  clock.at(fromMs + hourMs, () => {
    ec2.arrange.zoneRecovers(zone);
    agents('agentOnline');
  });
  return `${zone} is out`;
};

/** For one to three hours. */
const apiIsOut: Draw = ({ faults, clock }, random, nightMs) => {
  const service = oneOf(random, ['ec2', 'ssm', 'dynamodb', 'sns', 'states']);
  const fromMs = nightMs + random.between(0, hourMs);
  const untilMs = fromMs + random.between(1, 3) * hourMs;
  const when = () => clock.nowMs() > fromMs && clock.nowMs() < untilMs;
  faults.add({ service, when, times: Infinity, effect: outage(service) });
  return `${service} is out for ${Math.round((untilMs - fromMs) / minuteMs)} minutes`;
};

const executionIsStopped: Draw = (stage, random, nightMs) => {
  const atMs = nightMs + random.between(0, 40_000);
  stage.clock.at(atMs, () => {
    for (const { arn, status } of executions(stage, 'protect')) if (status === 'RUNNING') stopExecution(stage, arn);
  });
  return 'executions are stopped';
};

/** None, one or two in a night. */
export function drawTroubles(stage: Stage, random: Random, nightMs: number): readonly string[] {
  const count = Math.floor(random.between(0, 3));
  const draws: readonly Draw[] = [
    ...[callGoesWrong, callGoesWrong, callGoesWrong, functionDies, functionDies],
    ...[eventsGoAstray, zoneIsOut, apiIsOut, executionIsStopped],
  ];
  return Array.from({ length: count }, () => oneOf(random, draws)(stage, random, nightMs));
}
