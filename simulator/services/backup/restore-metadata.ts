/** What AWS Backup takes of each type: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html */
import { ApiError } from '../../kernel/service.ts';

interface Keys {
  readonly required: readonly string[];
  readonly others: readonly string[];
}

const keys: Readonly<Record<string, Keys>> = {
  EFS: {
    required: ['newFileSystem', 'Encrypted', 'PerformanceMode', 'CreationToken'],
    others: ['file-system-id', 'KmsKeyId', 'ItemsToRestore', 'singleAzFilesystem', 'availabilityZoneName'],
  },
};

/** @throws ApiError for what is missing, or unknown */
export function checkMetadata(type: string, metadata: Readonly<Record<string, string>>): void {
  const known = keys[type];
  if (known === undefined) return;
  const missing = known.required.filter((key) => metadata[key] === undefined);
  const unknown = Object.keys(metadata).filter((key) => ![...known.required, ...known.others].includes(key));
  if (missing.length > 0) throw invalid(`Metadata of ${type} lacks ${missing.join(', ')}.`);
  if (unknown.length > 0) throw invalid(`Metadata of ${type} has no ${unknown.join(', ')}.`);
  if (metadata.KmsKeyId !== undefined && metadata.Encrypted !== 'true') throw invalid('KmsKeyId without encryption.');
}

const invalid = (message: string) => new ApiError('InvalidParameterValueException', message);
