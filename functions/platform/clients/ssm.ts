import { SSMClient } from '@aws-sdk/client-ssm';
import { lazy } from '../lazy.ts';

export const ssm = lazy(() => new SSMClient({}));
