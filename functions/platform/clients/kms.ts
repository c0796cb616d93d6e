import { KMSClient } from '@aws-sdk/client-kms';
import { lazy } from '../lazy.ts';

export const kms = lazy(() => new KMSClient({}));
