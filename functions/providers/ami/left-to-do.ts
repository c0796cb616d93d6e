/** What only a person can do once the new instance is there: whether, when, and by what applications are led to it. */
import { line } from '../ebs/restore/command-line.ts';
import { tagList } from '../tag-list.ts';
import type { AmiDetail } from './detail.ts';

/** Sentences and commands, in the order in which they are meant. */
export function leftToDo(detail: AmiDetail): readonly string[] {
  const { instanceId = '<old instance>', withheldProfile, tags = {}, elasticIps = [] } = detail;
  return [
    `Nothing leads to the new instance, and it has none of the tags of ${instanceId}, so that nothing which goes by tags takes it for that. Look at it; then:`,
    ...profileLines(withheldProfile),
    `${line('ec2 stop-instances', { 'instance-ids': instanceId })} # it is kept; the way back is to stop the new one, and start it`,
    ...elasticIps.map(addressLine),
    ...tagLines(instanceId, tags),
    `Where the policy names ${instanceId} by its id, name the new instance, and deploy: until then backups are of the old one.`,
  ];
}

/** For a person to fill in. */
export const made = '<new instance>';

const profileLines = (profile: string | undefined): readonly string[] =>
  profile === undefined
    ? []
    : [
        'It has no instance profile, since the policy names no role of its member that a recovery may hand on, and no SSM agent there to run a verify script by:',
        line('ec2 associate-iam-instance-profile', { 'instance-id': made, 'iam-instance-profile': `Arn=${profile}` }),
      ];

const addressLine = (address: string): string =>
  `${line('ec2 associate-address', { 'instance-id': made, 'allow-reassociation': '' })} --allocation-id "$(${line('ec2 describe-addresses', { 'public-ips': address, query: 'Addresses[0].AllocationId', output: 'text' })})"`;

export function tagLines(instanceId: string, tags: Readonly<Record<string, string>>): readonly string[] {
  const list = tagList(tags);
  if (list.length === 0) return [];
  return [
    line('ec2 create-tags', { resources: made, tags: JSON.stringify(list) }),
    line('ec2 delete-tags', { resources: instanceId, tags: JSON.stringify(list.map(({ Key }) => ({ Key }))) }),
  ];
}
