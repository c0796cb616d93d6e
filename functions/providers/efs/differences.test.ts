import { expect, it } from 'vitest';
import { differencesOf, leftToDo } from './differences.ts';
import type { EfsSettings } from './settings.ts';

const settings: EfsSettings = {
  ...{ resourceArn: 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a', sizeBytes: 0 },
  ...{ encrypted: true, lifecycle: [], mountTargets: [], accessPoints: [], tags: {} },
};
const told = (changes: Partial<EfsSettings>, promoteOn?: string) =>
  differencesOf({ ...settings, ...changes }, { areOfNow: false, promoteOn }).join('\n');

it('what cannot be kept is told', () => {
  expect(told({})).toContain('it has another id'.replace('it', 'the new one'));
  expect(told({ accessPoints: [{ id: 'fsap-0', tags: {} }] })).toContain('its access points have other ids');
  expect(told({ replicas: ['fs-0b in eu-central-1'] })).toContain('not replicated to fs-0b in eu-central-1 any more');
  expect(told({ sizeBytes: 1024 ** 4 })).toContain('at least 1 h 31 min');
  expect(told({}, 'i-1')).toContain('i-1 mounts the new one for a moment');
});

it('each line that a person gets fits into a mail', () => {
  const accessPoints = [
    { id: 'fsap-0', PosixUser: { Uid: 1, Gid: 2 }, RootDirectory: { Path: '/a' }, tags: { Name: 'x' } },
  ];
  const lines = leftToDo({ ...settings, accessPoints }, 'fs-0a-new-1');
  expect(lines.every((line) => line.length <= 500)).toBe(true);
  expect(lines.at(-1)).toBe(
    `aws efs create-access-point --file-system-id <its id> --posix-user '{"Uid":1,"Gid":2}' --root-directory '{"Path":"/a"}' --tags '[{"Key":"Name","Value":"x"},{"Key":"holdfast:source","Value":"fsap-0"}]'`,
  );
});

it('what a person has to delete, too, is between the moving and the unmounting', () => {
  const lines = leftToDo(settings, 'fs-0a-new-1', { roots: ['/'], files: ['TEMP.*'], folders: ['tmp'] });
  expect(lines.slice(-2)).toEqual([
    'cd /mnt/restored/ && find . -xdev -mindepth 1 \\( ! -type d -name "TEMP.*" -o -path "*/tmp/*" \\) ! -path "./aws-backup-*" -delete',
    'cd / && umount /mnt/restored',
  ]);
});
