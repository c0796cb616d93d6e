/** What least privilege cannot show in the simulated region, each with its reason: whoever adds one says why. */
export interface Explained {
  /** Matches the role's name. */
  readonly role: RegExp;
  readonly action: RegExp;
  readonly resource?: RegExp;
  readonly reason: string;
}

/** Granted and never called. */
export const uncalled: readonly Explained[] = [
  {
    role: /./,
    action: /^logs:/,
    reason: 'made by Lambda’s and Step Functions’ own agents; the region keeps logs without a call',
  },
  {
    role: /./,
    action: /^sqs:SendMessage$/,
    reason:
      'made by Lambda or Scheduler itself, in the role’s name, once every attempt at an event has failed; scenarios see it where a function can fail so lastingly',
  },
  {
    role: /Machine$/,
    action: /^xray:/,
    reason: 'made by Step Functions itself while it traces; the region does not simulate X-Ray',
  },
  {
    role: /./,
    action: /^kms:(Decrypt|DescribeKey|Encrypt|GenerateDataKey)$/,
    resource: /key\/…$/,
    reason: 'DynamoDB and SNS use the stack’s keys with the caller’s rights, as AWS documents; the region does not ask',
  },
  {
    role: /^(GuardExecution|Settle)$/,
    action: /^ssm:SendCommand$/,
    resource: /document\/.*(Mysql|Postgresql|Redis)Document/,
    reason:
      'they release hooks of all kinds alike; scenarios let them release those of the kinds command and filesystem',
  },
  {
    role: /^(CreateVolumes|AttachVolumes|StartInstance|RollBack)$/,
    action: /^kms:/,
    resource: /key\/\*$/,
    reason:
      'EBS uses the volume’s key with the caller’s rights, and which of these it needs depends on the keys of snapshot and volume, as AWS documents; the region asks for a part',
  },
  {
    role: /^Settle$/,
    action: /^kms:/,
    reason:
      'EBS and RDS use the keys of a snapshot and of its copy with the caller’s rights, and which of these they need depends on both, as AWS documents; the region asks for a part',
  },
  {
    role: /^(Backup|PlansCopy|Restore)$/,
    action: /./,
    reason:
      'AWS Backup works in this role by itself; of what it then needs, as its own policies for such roles say, the region asks for the call that copies a resource, and for the one that makes what is restored',
  },
  {
    role: /^Retire$/,
    action: /^iam:CreateServiceLinkedRole$/,
    reason:
      'asked for by AWS Backup when the first recovery point of an account is deleted; the region has no such roles',
  },
  {
    role: /^AskDomain/,
    action: /^ec2:/,
    reason: 'made by Lambda itself, in the role’s name, when it gives a function in a VPC its network interfaces',
  },
  {
    role: /^(AbandonRecovery|GuardExecution|Quiesce|RollBack)$/,
    action: /^(ssm:(Get|Put)Parameter|ecs:(DescribeServices|UntagResource|UpdateService)|lambda:InvokeFunction)$/,
    resource:
      /parameter\/(appliance|evidence|jobs|mediation|tables)\/|service\/shop\/workers$|function:suspend-mediation$/,
    reason:
      'named by a policy whose recovery, or whose guard, no scenario lets fail; the same grant is used on what other policies name',
  },
  {
    role: /^AbandonRecovery$/,
    action: /^lambda:InvokeFunction$/,
    resource: /ask-evidence$/,
    reason:
      'a stranded recovery looks at a domain in a VPC as at any other; a scenario strands one with a public endpoint',
  },
  {
    role: /^CreateVolumes$/,
    action: /^ec2:RunInstances$/,
    resource: /placement-group/,
    reason: 'an instance of a placement group is launched into it again; the region has no such groups',
  },
  {
    role: /^CreateVolumes$/,
    action: /^iam:PassRole$/,
    resource: /role\/another$/,
    reason: 'a policy that names another role than the instance has: a scenario sees that nothing is launched then',
  },
];

/** Asked for and not allowed, because a scenario wants to see just that. */
export const denied: readonly Explained[] = [
  {
    role: /^PlanRecovery$/,
    action: /^lambda:InvokeFunction$/,
    resource: /ask-evidence$/,
    reason:
      'the function in the VPC of a domain whose member has lost its network: a scenario sees that the plan is refused',
  },
  {
    role: /^(Release|Settle)$/,
    action: /^lambda:InvokeFunction$/,
    resource: /function:suspend-orders$/,
    reason:
      'the function of a hook that has left the policy while it held: a scenario sees that the mail has the command by which a person releases it',
  },
  {
    role: /^Retire$/,
    action: /^ec2:DeleteSnapshot$/,
    reason: 'a snapshot whose tag says that it is not ours: scenarios see that it cannot be deleted',
  },
  {
    role: /^Retire$/,
    action: /^rds:DeleteDB(Cluster)?Snapshot$/,
    reason:
      'a delete that is asked for again: what is gone has no tag any more, by which a role may delete only ours; and a copy without that tag, which a scenario sees that it cannot be deleted',
  },
  {
    role: /^Retire$/,
    action: /^ec2:DescribeImageAttribute$/,
    reason: 'an image whose tag says that it is not ours: a scenario sees that it is not deregistered',
  },
  {
    role: /^CreateVolumes$/,
    action: /^iam:PassRole$/,
    reason: 'a role that the policy does not name: a scenario sees that it is not handed on',
  },
];
