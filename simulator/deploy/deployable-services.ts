import type { Service } from '../kernel/service.ts';
import type { BackupService } from '../services/backup/backup.ts';
import type { CloudWatchService } from '../services/cloudwatch/cloudwatch.ts';
import type { Events } from '../services/events/create-events.ts';
import type { KmsService } from '../services/kms/kms.ts';
import type { Lambda } from '../services/lambda/create-lambda.ts';
import type { Scheduler } from '../services/scheduler/create-scheduler.ts';
import type { SnsService } from '../services/sns/sns.ts';
import type { SqsService } from '../services/sqs/sqs.ts';
import type { States } from '../services/states/create-states.ts';

/** Systems Manager's documents, as CloudFormation puts them. */
export interface DocumentStore {
  createDocument(document: {
    readonly name: string;
    readonly content: string | object;
    readonly tags?: Readonly<Record<string, string>>;
  }): void;
  deleteDocument(name: string): void;
}

/** The services that resources of a template are made in. */
export interface DeployableServices {
  readonly backup: BackupService;
  readonly cloudwatch: CloudWatchService;
  readonly dynamodb: Service;
  readonly events: Events;
  readonly kms: KmsService;
  readonly lambda: Lambda;
  readonly scheduler: Scheduler;
  readonly sns: SnsService;
  readonly sqs: SqsService;
  readonly ssm: DocumentStore;
  readonly states: States;
}
