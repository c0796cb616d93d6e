import { BackupClient } from '@aws-sdk/client-backup';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const backup = lazy(() => new BackupClient(patience));
