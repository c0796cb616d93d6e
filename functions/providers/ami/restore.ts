/** A launch from the image, beside the present instance, by a person: only a person's role may hand the instance its own. */
import type { Artifact } from '#domain/artifact.ts';
import { byHand } from '../by-hand.ts';
import { detailOf } from './detail.ts';

export const amiRestore = byHand({ kind: 'ami', words, lines: async (artifact) => lines(artifact) });

function words({ detail }: Artifact): string {
  const { differences = ['it has another instance id and private address'] } = detailOf(detail);
  return `Launch it beside the present instance, look at it, and only then move addresses; nothing is stopped or deleted for you. What you launch is not what was: ${differences.join('; ')}.`;
}

/** From the launch to the change of places, and back again. */
function lines({ id, source, detail }: Artifact): readonly string[] {
  const { launch, elasticIps = [] } = detailOf(detail);
  return [
    `aws ec2 run-instances --image-id ${id} --count 1 ${launchWords(launch)}`,
    'aws ec2 wait instance-status-ok --instance-ids <new instance>',
    `aws ec2 stop-instances --instance-ids ${source} # the old one, once the new one works; it is kept`,
    ...elasticIps.map((address) => `${associate(address)} --instance-id <new instance>`),
    `aws ec2 start-instances --instance-ids ${source} # the way back, after stopping the new one`,
    ...elasticIps.map((address) => `${associate(address)} --instance-id ${source} # the way back`),
  ];
}

const launchWords = (launch: Readonly<Record<string, unknown>> | undefined): string =>
  launch === undefined
    ? '--instance-type … --subnet-id … --security-group-ids … --iam-instance-profile … # the ledger that knew them is gone'
    : `--cli-input-json ${quoted(JSON.stringify(launch))}`;

/** For a shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const associate = (address: string): string =>
  `aws ec2 associate-address --allow-reassociation --allocation-id "$(aws ec2 describe-addresses --public-ips ${address} --query 'Addresses[0].AllocationId' --output text)"`;
