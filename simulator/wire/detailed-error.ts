import { ApiError } from '../kernel/service.ts';

/** A refusal that carries more than its message, e.g. the `Item` of DynamoDB's ConditionalCheckFailedException. */
export class DetailedError extends ApiError {
  /** Members of the error's shape, as the SDK types them. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status: number, details: Readonly<Record<string, unknown>>) {
    super(code, message, status);
    this.details = details;
  }
}
