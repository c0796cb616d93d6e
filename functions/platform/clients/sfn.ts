import { SFNClient } from '@aws-sdk/client-sfn';
import { lazy } from '../lazy.ts';

export const sfn = lazy(() => new SFNClient({}));
