import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Policy } from '#domain/policy.ts';
import type { Mistake } from '#domain/policy-mistakes.ts';
import { type ParsedPolicy, type PolicyInput, parsePolicy } from '#domain/policy-schema.ts';
import { acknowledge } from './acknowledgements.ts';
import { createAlarms } from './alarms.ts';
import { createBackupPlans } from './backup-plans.ts';
import { createBackupVault } from './backup-vault.ts';
import { bundle } from './bundle.ts';
import { connect } from './connections.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createDocuments } from './documents.ts';
import { createDomainCarriers } from './domain-carriers.ts';
import { tellOwnRestores } from './domain-notices.ts';
import { createFunctions, type Functions } from './functions.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createOutputs } from './outputs.ts';
import { createPeoplePolicies } from './people-policies.ts';
import { createRestoreRole } from './restore-role.ts';
import { createSchedules } from './schedules.ts';
import { checkRoom } from './stack-room.ts';
import { createMachines, type Machines } from './state-machines.ts';
import { stepAssets } from './step-asset.ts';
import { createSweeps } from './sweeps.ts';
import { createTopics, type Topics } from './topics.ts';

/** A policy as `holdfast.yaml` has it (docs/policy.md), and: */
export type HoldfastProps = PolicyInput & {
  /** Where built bundles are, `<step>/index.mjs`; default: they are built. */
  readonly bundlesDirectory?: string;
};

/** Backs up the policy's workloads, held still, and recovers them: everything that runs in the account. */
export class Holdfast extends Construct {
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly functions: Functions;
  readonly machines: Machines;

  /** @throws Error that lists every mistake of the policy */
  constructor(scope: Construct, id: string, props: HoldfastProps) {
    super(scope, id);
    const { bundlesDirectory, ...policy } = props;
    const { policy: complete, notes } = validated(policy);
    for (const note of notes) Annotations.of(this).addWarningV2(`holdfast:${note.path.join('.')}`, sentence(note));
    this.policy = complete;
    checkRoom(this);
    this.ledger = createLedger(this);
    this.topics = createTopics(this, this.policy);
    const deadLetters = createDeadLetters(this);
    const documents = createDocuments(this);
    const vault = createBackupVault(this, this.policy);
    const plans = createBackupPlans(this, this.policy);
    const planVaults = plans?.vaults ?? [];
    const restoreRole =
      vault === undefined && plans === undefined ? undefined : createRestoreRole(this, this.policy, planVaults);
    const assets = stepAssets(this, bundlesDirectory ?? bundle().directory, this.policy);
    const carriers = createDomainCarriers(this, this.policy, assets);
    this.functions = createFunctions(this, {
      policy: this.policy,
      assets,
      ledger: this.ledger,
      topics: this.topics,
      documents,
      deadLetters,
      vault,
      planVaults,
      restoreRole,
    });
    this.machines = createMachines(this, this.functions);
    connect(this.functions, this.machines);
    createSchedules(this, this.policy, {
      beginRun: this.functions['begin-run'],
      deadLetters,
      after: [this.machines.protect, this.functions.settle],
    });
    createSweeps(this, this.functions, this.machines, deadLetters);
    tellOwnRestores(this, this.policy, this.topics);
    createAlarms(this, { functions: this.functions, topics: this.topics, deadLetters });
    const { ledger, topics, functions, machines } = this;
    const reached = { policy: complete, ledger, topics, documents, functions, machines, vault, planVaults };
    const people = createPeoplePolicies(this, reached);
    createOutputs(this, { ...reached, restoreRole, people });
    acknowledge(this.policy, {
      functions: this.functions,
      carriers,
      machines: this.machines,
      vault,
      backupPlanRole: plans?.role,
      restoreRole,
      people,
    });
  }
}

function validated(input: PolicyInput): ParsedPolicy {
  const parsed = parsePolicy(input);
  if ('policy' in parsed) return parsed;
  throw new Error(`The policy has mistakes:\n${parsed.mistakes.map((mistake) => `- ${sentence(mistake)}`).join('\n')}`);
}

const sentence = ({ path, message, expected, suggestion }: Mistake): string =>
  [
    `${path.join('.')}: ${message}`,
    ...(suggestion === undefined ? [] : [`Did you mean "${suggestion}"?`]),
    ...(expected === undefined ? [] : [`Expected: ${expected}.`]),
  ].join(' ');
