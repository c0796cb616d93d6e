/**
 * What a new file system lacks of the old one, in the order in which it is safe to give: nobody mounts it by an access point, and no policy keeps the
 * promoting instance out, before the files lie in their place.
 */
import { createHash } from 'node:crypto';
import {
  CreateAccessPointCommand,
  CreateMountTargetCommand,
  PutBackupPolicyCommand,
  PutFileSystemPolicyCommand,
  PutLifecycleConfigurationCommand,
  TagResourceCommand,
  UpdateFileSystemCommand,
  type UpdateFileSystemRequest,
} from '@aws-sdk/client-efs';
import type { CleanUp } from '#domain/clean-up.ts';
import { promotedTag, tagKeys } from '#domain/tags.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { efs } from '#platform/clients/efs.ts';
import type { Change } from '../replacement/replacement-service.ts';
import { type Tags, tagList } from '../tag-list.ts';
import { type Promotion, promote } from './promote.ts';
import type { AccessPoint, EfsSettings, Features, MountTarget, SeenMountTarget } from './settings.ts';

/** One call each. */
export interface EfsChange extends Change {
  readonly tags?: Tags;
  readonly mountTarget?: MountTarget;
  readonly promotion?: Promotion;
  readonly accessPoint?: AccessPoint;
  readonly lifecycle?: EfsSettings['lifecycle'];
  readonly throughput?: Pick<UpdateFileSystemRequest, 'ThroughputMode' | 'ProvisionedThroughputInMibps'>;
  readonly automaticBackups?: 'DISABLED';
  /** JSON text. */
  readonly policy?: string;
}

/** As it is to become. */
export interface Wanted {
  readonly settings: EfsSettings;
  /** The recovery's own. */
  readonly marks: Tags;
  /** Instance that moves the files; absent: a person does, and makes the access points after it. */
  readonly promoteOn?: string | undefined;
  /** What it takes away then. */
  readonly cleanUp?: CleanUp | undefined;
}

/** As far as it takes to bring its files to their place. */
export interface Placed {
  readonly settings: Pick<EfsSettings, 'tags'> & { readonly mountTargets: readonly SeenMountTarget[] };
}

/** What else is given then. */
export interface Featured {
  readonly id: string;
  readonly settings: Features & Pick<EfsSettings, 'throughputMode' | 'provisionedMibps'>;
  /** EFS's word. */
  readonly automaticBackups: string;
}

/** The first step that has something to do until the files lie in their place. Looked at often, since EFS takes a minute or two for a mount target. */
export function placingDue(now: Placed, wanted: Wanted): readonly EfsChange[] {
  const steps = [tagsDue, mountTargetsDue, promotionDue];
  return steps.map((step) => step(now, wanted)).find((due) => due.length > 0) ?? [];
}

/** The first step after that. */
export function featuresDue(now: Featured, wanted: Wanted): readonly EfsChange[] {
  const due = allButPolicyDue(now, wanted);
  return due.length > 0 ? due : policyDue(now, wanted);
}

/** The marks of recoveries of the past say nothing of this one. */
function tagsDue({ settings: now }: Placed, { settings, marks }: Wanted): readonly EfsChange[] {
  const own = Object.entries(settings.tags).filter(([key]) => !key.startsWith('holdfast:'));
  const tags = { ...Object.fromEntries(own), ...marks };
  const isTagged = Object.entries(tags).every(([key, value]) => now.tags[key] === value);
  return isTagged ? [] : [{ what: 'tags', tags }];
}

const isAvailable = ({ state }: SeenMountTarget): boolean => state === 'available';

const mountTargetsDue = ({ settings: now }: Placed, { settings }: Wanted): readonly EfsChange[] =>
  settings.mountTargets
    .filter(({ subnetId }) => !now.mountTargets.some((each) => each.subnetId === subnetId && isAvailable(each)))
    .map((mountTarget) => ({ what: `mount target in ${mountTarget.subnetId}`, mountTarget }));

function promotionDue({ settings: now }: Placed, { promoteOn, cleanUp }: Wanted): readonly EfsChange[] {
  if (promoteOn === undefined || now.tags[promotedTag] !== undefined) return [];
  const server = now.mountTargets.find(isAvailable)?.ipAddress ?? '';
  return [
    {
      what: 'files’ place',
      promotion: { instanceId: promoteOn, server, ...(cleanUp === undefined ? {} : { cleanUp }) },
    },
  ];
}

function allButPolicyDue(
  { settings: now, automaticBackups }: Featured,
  { settings, promoteOn }: Wanted,
): readonly EfsChange[] {
  const isOff = automaticBackups === 'DISABLED' || automaticBackups === 'DISABLING';
  return [
    ...(promoteOn === undefined ? [] : accessPointsDue(now, settings)),
    ...(settings.lifecycle.length === 0 || now.lifecycle.length > 0
      ? []
      : [{ what: 'lifecycle', lifecycle: settings.lifecycle }]),
    ...throughputDue(now, settings),
    ...(isOff ? [] : [{ what: 'automatic backups', automaticBackups: 'DISABLED' as const }]),
  ];
}

/** Each says which one it stands for. */
const accessPointsDue = (now: Features, { accessPoints }: EfsSettings): readonly EfsChange[] =>
  accessPoints
    .filter(({ id }) => standInOf(now, id) === undefined)
    .map((accessPoint) => ({ what: `access point ${accessPoint.id}`, accessPoint }));

const standInOf = ({ accessPoints }: Features, id: string): AccessPoint | undefined =>
  accessPoints.find(({ tags }) => tags[tagKeys.source] === id);

function throughputDue(
  now: Featured['settings'],
  { throughputMode = 'bursting', provisionedMibps }: EfsSettings,
): readonly EfsChange[] {
  if ((now.throughputMode ?? 'bursting') === throughputMode && now.provisionedMibps === provisionedMibps) return [];
  const throughput = {
    // EFS's own word, as its description had it.
    ThroughputMode: throughputMode as UpdateFileSystemRequest['ThroughputMode'],
    ...(provisionedMibps === undefined ? {} : { ProvisionedThroughputInMibps: provisionedMibps }),
  };
  return [{ what: 'throughput mode', throughput }];
}

/** It names the file system and its access points by ids. A new one has none; EFS may show it in other words than it was given. */
function policyDue(
  { id, settings: now }: Featured,
  { settings: { resourceArn, policy, accessPoints } }: Wanted,
): readonly EfsChange[] {
  if (policy === undefined || now.policy !== undefined) return [];
  const renamed = accessPoints.map((each) => [each.id, standInOf(now, each.id)?.id ?? each.id] as const);
  const ids = [[resourceArn.split('/').at(-1) ?? id, id] as const, ...renamed];
  return [{ what: 'policy', policy: ids.reduce((text, [from, to]) => text.replaceAll(from, to), policy) }];
}

/** @param name of what is made: requests that are repeated are told by it */
export async function makeChange(name: string, FileSystemId: string, change: EfsChange): Promise<void> {
  const { tags, mountTarget, promotion, accessPoint, lifecycle, throughput, automaticBackups, policy } = change;
  const tag = (added: Tags) => efs().send(new TagResourceCommand({ ResourceId: FileSystemId, Tags: tagList(added) }));
  if (tags !== undefined) await tag(tags);
  if (mountTarget !== undefined) await makeMountTarget(FileSystemId, mountTarget);
  if (promotion !== undefined) {
    await promote(name, promotion);
    await tag({ [promotedTag]: promotion.instanceId });
  }
  if (accessPoint !== undefined) await makeAccessPoint(name, FileSystemId, accessPoint);
  if (lifecycle !== undefined) {
    await efs().send(new PutLifecycleConfigurationCommand({ FileSystemId, LifecyclePolicies: [...lifecycle] }));
  }
  if (throughput !== undefined) await efs().send(new UpdateFileSystemCommand({ FileSystemId, ...throughput }));
  if (automaticBackups !== undefined) {
    await efs().send(new PutBackupPolicyCommand({ FileSystemId, BackupPolicy: { Status: automaticBackups } }));
  }
  // It may name no function as one that may change it: it is what its owner had.
  const unchecked = { BypassPolicyLockoutSafetyCheck: true };
  if (policy !== undefined) {
    await efs().send(new PutFileSystemPolicyCommand({ FileSystemId, Policy: policy, ...unchecked }));
  }
}

async function makeMountTarget(FileSystemId: string, { subnetId, securityGroupIds }: MountTarget): Promise<void> {
  const input = { FileSystemId, SubnetId: subnetId, SecurityGroups: [...securityGroupIds] };
  await efs().send(new CreateMountTargetCommand(input)).catch(unlessCalled('MountTargetConflict'));
}

async function makeAccessPoint(name: string, FileSystemId: string, { id, tags, ...as }: AccessPoint): Promise<void> {
  const ClientToken = createHash('sha256').update(`${name} ${id}`).digest('hex');
  const Tags = tagList({ ...tags, [tagKeys.source]: id });
  await efs()
    .send(new CreateAccessPointCommand({ FileSystemId, ClientToken, ...as, Tags }))
    .catch(unlessCalled('AccessPointAlreadyExists'));
}
