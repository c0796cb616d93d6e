/** What only a person can do once a new instance has taken the place of the present one. */
import { line } from '../../ebs/restore/command-line.ts';
import type { AmiDetail } from '../detail.ts';
import { made, tagLines } from '../left-to-do.ts';

/** Sentences and commands, in the order in which they are meant. */
export function leftAfter({ instanceId = '<old instance>', tags = {} }: AmiDetail): readonly string[] {
  return [
    `What leads to ${instanceId} otherwise than by its Elastic IP address still does. Register the new instance with its target groups, and change its DNS records and alarms; it is in no Auto Scaling group.`,
    line('elbv2 register-targets', { 'target-group-arn': '<target group>', targets: `Id=${made}` }),
    ...tagLines(instanceId, tags),
    `The policy still means ${instanceId}: move its tags, or name the new instance by its id, and deploy. Until then backups are of the old one.`,
  ];
}
