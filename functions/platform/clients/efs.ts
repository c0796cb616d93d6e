import { EFSClient } from '@aws-sdk/client-efs';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const efs = lazy(() => new EFSClient(patience));
