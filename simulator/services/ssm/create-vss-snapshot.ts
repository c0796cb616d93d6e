import type { CreateSnapshotsResult, Tag } from '@aws-sdk/client-ec2';
import type { ProgramResult } from '../../guest/guest.ts';
import type { Caller } from '../../kernel/service.ts';
import { ApiError } from '../../kernel/service.ts';
import type { InstanceRecord } from '../ec2/records.ts';
import type { Perform } from '../perform.ts';
import type { CommandDocument, DocumentParameter } from './documents.ts';

/** What the document sets itself (EC2 User Guide, "Parameters for Systems Manager VSS snapshot documents"). */
const RESERVED_TAGS = ['Device', 'AppConsistent', 'AwsVssConfig'];
/** PowerShell, and the writers' preparations before anything is held. */
const PREPARE_MS = 4_000;
/** VSS waits for the snapshots to begin, ten seconds at most (EC2 User Guide, "How it works"). */
const HOLD_MS = 1_500;

/** So long the guest lets its snapshots become visible before it tags them. */
const SPREAD_MS = 5_000;

const text = (defaultValue: string, allowedPattern?: RegExp): DocumentParameter => ({
  type: 'String',
  defaultValue,
  allowedValues: undefined,
  allowedPattern,
});
const choice: DocumentParameter = { ...text('False'), allowedValues: ['True', 'False'] };

/** AWSEC2-CreateVssSnapshot: freezes through VSS, has the instance's role take the snapshots, thaws. */
export const createVssSnapshot: CommandDocument = {
  name: 'AWSEC2-CreateVssSnapshot',
  content: '{}',
  description: 'Takes snapshots of a Windows guest through VSS',
  tags: {},
  createdMs: 0,
  parameters: {
    ExcludeBootVolume: choice,
    NoWriters: choice,
    CopyOnly: choice,
    description: text(''),
    tags: text('Key=Name,Value='),
    executionTimeout: text('900', /^\d{1,6}$/),
  },
  stepName: 'createVssSnapshot',
  script: '',
  timeoutSeconds: '{{ executionTimeout }}',
  run,
};

async function run(
  instance: InstanceRecord,
  values: Readonly<Record<string, string>>,
  { perform }: { readonly perform: Perform },
): Promise<ProgramResult> {
  const { roleArn, platform, vssComponents } = instance.spec;
  // A step whose precondition names another platform is skipped, and the command succeeds.
  if (platform !== 'Windows')
    return { exitCode: 0, stdout: 'Step execution skipped due to unsupported platform', stderr: '' };
  if (vssComponents !== true) return failure('AwsVssComponents is not installed on this instance.');
  if (roleArn === undefined) return failure('Unable to find credentials: the instance has no role.');
  const tags = parseTags(values.tags ?? '');
  if (typeof tags === 'string') return failure(tags);
  await instance.guest.sleep(PREPARE_MS);
  try {
    return await take(instance, { values, tags, ask: asker(perform, instance, roleArn) });
  } catch (error) {
    if (error instanceof ApiError) return failure(`${error.name}: ${error.message}`);
    throw error;
  }
}

const failure = (stderr: string): ProgramResult => ({ exitCode: 1, stdout: '', stderr });

/** `Key=a,Value=b;Key=c,Value=d`; a sentence when that cannot be read. */
function parseTags(typed: string): readonly Tag[] | string {
  const tags = typed.split(';').map((part) => /^Key=([^,;=]+),Value=([^,;=]*)$/.exec(part) ?? undefined);
  if (tags.includes(undefined)) return `The tags cannot be parsed: ${typed}`;
  const parsed = tags.map((match) => ({ Key: match?.[1], Value: match?.[2] }));
  const reserved = parsed.find(({ Key = '' }) => RESERVED_TAGS.includes(Key));
  return reserved === undefined ? parsed : `The tag ${reserved.Key} is reserved.`;
}

type Ask = (operation: string, input: object) => Promise<unknown>;

function asker(perform: Perform, { id }: InstanceRecord, roleArn: string): Ask {
  const caller: Caller = { kind: 'role', arn: roleArn, name: `instance:${id}` };
  return (operation, input) => perform({ caller, service: 'ec2', operation, input });
}

interface Work {
  readonly values: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly ask: Ask;
}

async function take(instance: InstanceRecord, { values, tags, ask }: Work): Promise<ProgramResult> {
  const { guest } = instance;
  const writers = values.NoWriters === 'True' ? [] : guest.inspect().applications.map(({ name }) => name);
  for (const name of writers) guest.holdApplication(name);
  guest.sync();
  try {
    await guest.sleep(HOLD_MS);
    const config = { Key: 'AwsVssConfig', Value: 'simulated' };
    const set: CreateSnapshotsResult = Object(
      await ask('CreateSnapshots', {
        InstanceSpecification: { InstanceId: instance.id, ExcludeBootVolume: values.ExcludeBootVolume === 'True' },
        Description: values.description,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...tags, config] }],
      }),
    );
    for (const name of writers) guest.resumeApplication(name);
    await guest.sleep(SPREAD_MS);
    await tagAll(instance, set, values.NoWriters !== 'True', ask);
    return { exitCode: 0, stdout: `Created ${(set.Snapshots ?? []).length} snapshots`, stderr: '' };
  } finally {
    for (const name of writers) guest.resumeApplication(name);
  }
}

async function tagAll(
  { mappings }: InstanceRecord,
  { Snapshots = [] }: CreateSnapshotsResult,
  isConsistent: boolean,
  ask: Ask,
): Promise<void> {
  for (const { SnapshotId, VolumeId } of Snapshots) {
    const device = [...mappings].find(([, { volumeId }]) => volumeId === VolumeId)?.[0] ?? '';
    const Tags = [
      { Key: 'Device', Value: device },
      { Key: 'AppConsistent', Value: isConsistent ? 'True' : 'False' },
    ];
    await ask('CreateTags', { Resources: [SnapshotId], Tags });
  }
}
