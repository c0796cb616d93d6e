import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { doctorDocument } from '#hooks/doctor-document.ts';
import { type DocumentContent, documentFor, promoteDocument, verifyDocument } from '#hooks/document.ts';
import { guestScript } from '#hooks/guest-script.ts';
import { hookOf } from '#hooks/index.ts';
import { until } from './loop-volume.ts';

export interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout that starts with `holdfast `, parsed. */
  readonly report: Readonly<Record<string, unknown>> | undefined;
  /** From the start until the script ended and all its pipes were closed, as the SSM agent waits. */
  readonly tookMs: number;
}

export interface Request {
  /** Of a hook, `verify` or `promote`. */
  readonly kind: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly deadlineSeconds?: number;
  readonly run?: string;
  /** Instead of a folder in memory. */
  readonly stateFolder?: string;
  /** Unmounts all loop devices but these in a mount namespace of the script's own: for what looks at every mount. */
  readonly sees?: readonly string[];
}

/** Runs hook documents the way the SSM agent does: the lines of the document, parameters replaced, in a file, by `sh`. */
export interface TestGuest {
  /** Programs here come before the system's. */
  readonly programs: string;
  /** A folder that only root can write to, also above. */
  readonly scripts: string;
  start(action: string, request: Request): { readonly process: ChildProcess; readonly answer: Promise<Answer> };
  ask(action: string, request: Request): Promise<Answer>;
  /** Writes an executable. */
  install(path: string, text: string): string;
  /** What the script has noted in a file of the run's state; empty when there is none. */
  noted(name: string, run?: string): string;
  /** Process ids of timers that are alive. */
  timers(): readonly number[];
  /** Kills what the scripts have left running, and forgets what lay in memory. */
  reboot(): void;
  /** Waits until none is, but not for a deadline: a timer that was told to end is gone a moment later. */
  disarmed(): Promise<void>;
  remove(): void;
}

/** @param shell what `sh` is on this guest: dash, bash or busybox */
export function testGuest(shell: string): TestGuest {
  const state = mkdtempSync('/dev/shm/holdfast-test-');
  const home = mkdtempSync('/root/holdfast-test-');
  const programs = join(home, 'programs');
  const lasting = join(home, 'lasting');
  mkdirSync(programs);
  symlinkSync(`/usr/bin/${shell}`, join(programs, 'sh'));
  const environment = { PATH: `${programs}:${process.env.PATH}` };
  let sent = 0;

  function start(action: string, request: Request) {
    const { kind, parameters, deadlineSeconds = 20, run = 'orders-20261121T030000Z', sees } = request;
    sent += 1;
    const content = action === 'doctor' ? doctorDocument() : documentOf(kind);
    const script = join(home, `_script-${sent}.sh`);
    writeFileSync(
      script,
      rendered(content, { action, kind, run, deadlineSeconds: String(deadlineSeconds), ...parameters }),
    );
    const env = { ...environment, HOLDFAST_STATE_DIR: request.stateFolder ?? state, HOLDFAST_LASTING_DIR: lasting };
    const child = spawn(...commandLine(script, sees), { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    return { process: child, answer: answerOf(child) };
  }

  const timers = () =>
    processes()
      .filter(({ command }) => command.includes(home) && / (timer|overdue)$/.test(command))
      .map(({ pid }) => pid);

  return {
    programs,
    scripts: home,
    start,
    ask: (action, request) => start(action, request).answer,
    install: (path, text) => {
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    },
    noted: (name, run = 'orders-20261121T030000Z') =>
      readdirSync(state)
        .map((hold) => join(state, hold, run, name))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, 'utf8').trim())
        .join(),
    timers,
    reboot: () => {
      for (const pid of timers()) process.kill(-pid, 'SIGKILL');
      for (const hold of readdirSync(state)) rmSync(join(state, hold), { recursive: true });
    },
    disarmed: () => until(() => timers().length === 0, 1500),
    remove: () => {
      rmSync(state, { recursive: true });
      rmSync(home, { recursive: true });
    },
  };
}

/** @param kind of a hook, `verify` or `promote` */
export function documentOf(kind: string): DocumentContent {
  if (kind === 'verify') return verifyDocument(guestScript(kind));
  return kind === 'promote' ? promoteDocument(guestScript(kind)) : documentFor(hookOf(kind), guestScript(kind));
}

/** The last first, and lazily: one may carry the image of another. */
function commandLine(script: string, sees: readonly string[] | undefined): [string, string[]] {
  if (sees === undefined) return ['sh', [script]];
  const hideOthers = `tac /proc/self/mounts | while read -r device mount _; do
    case "$device ${sees.join(' ')} " in /dev/loop*" $mount "*) ;; /dev/loop*) umount -l "$mount" || exit 9 ;; esac
  done || exit 9
  exec sh ${script}`;
  return ['unshare', ['--mount', '--propagation', 'private', 'sh', '-c', hideOthers]];
}

function rendered(content: DocumentContent, parameters: Readonly<Record<string, string>>): string {
  const text = content.mainSteps[0].inputs.runCommand.join('\n');
  return text.replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => {
    const { allowedPattern, allowedValues, default: unset = '' } = content.parameters[name] ?? {};
    const value = parameters[name] ?? unset;
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) throw new Error(`${name}: ${value}`);
    if (allowedValues !== undefined && !allowedValues.includes(value)) throw new Error(`${name}: ${value}`);
    return value;
  });
}

function answerOf(child: ReturnType<typeof spawn>): Promise<Answer> {
  const began = Date.now();
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data) => (output.stdout += String(data)));
  child.stderr?.on('data', (data) => (output.stderr += String(data)));
  return new Promise((resolve) =>
    child.once('close', (exitCode) =>
      resolve({ exitCode, ...output, report: reportOf(output.stdout), tookMs: Date.now() - began }),
    ),
  );
}

function reportOf(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const line = stdout.split('\n').findLast((candidate) => candidate.startsWith('holdfast '));
  return line === undefined ? undefined : JSON.parse(line.slice('holdfast '.length));
}

function processes(): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // It has ended.
  }
}
