import { RDSClient } from '@aws-sdk/client-rds';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const rds = lazy(() => new RDSClient(patience));
