/** What hooks name on a guest: units, folders and files. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { guestPath, isData } from './policy-fields.ts';

/** The guest asks systemd for aliases, too (`functions/hooks/services/guest.sh`); this is for the policy's author. */
const vitalUnit =
  /^(systemd-|dbus[.-]|sshd?[.@-]|amazon-ssm-agent\.|snap\.amazon-ssm-agent\.|snapd\.|NetworkManager|network(ing)?\.|cloud-)/;

export const systemdUnit = z
  .string()
  .max(200, 'A unit has at most 200 characters.')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9@:._-]*\.(service|socket|timer|path)$/,
    'A unit is named in full, such as appliance.service: a service, socket, timer or path.',
  )
  .refine((unit) => !vitalUnit.test(unit), {
    error: 'This unit is never stopped: the system, the SSM agent or its operator would be locked out.',
  });

export const cleanedRoot = guestPath.refine((path) => path === '/' || isData(path), {
  error: 'This folder is never cleaned up: the system or the SSM agent writes there.',
});

const isName = (name: string) => name !== '.' && name !== '..' && name !== 'none';

export const cleanedFile = z
  .string()
  .max(100, 'A name has at most 100 characters.')
  .regex(/^[A-Za-z0-9._*-]+$/, 'A file is named by its base name, of letters, digits and . _ -, with * for anything.')
  .refine((name) => isName(name) && /[A-Za-z0-9]/.test(name), {
    error: 'This name would take everything away: give it a letter or a digit.',
  });

export const cleanedFolder = z
  .string()
  .max(100, 'A name has at most 100 characters.')
  .regex(/^[A-Za-z0-9._-]+$/, 'A folder is named without its path, of letters, digits and . _ -.')
  .refine(isName, { error: 'This is not the name of a folder.' });
