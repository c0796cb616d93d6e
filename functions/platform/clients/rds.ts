import { RDSClient } from '@aws-sdk/client-rds';
import { lazy } from '../lazy.ts';

export const rds = lazy(() => new RDSClient({}));
