/** How an application stands that a recovery could neither recover nor roll back: what mails and the command line begin with. */

/** As AWS shows what it works with. `gone`: terminated or deleted; `unknown`: AWS could not be asked. Running says nothing about the application itself. */
export type ApplicationState = 'down' | 'gone' | 'runs-on-restored' | 'runs-on-originals' | 'runs-on-mixed' | 'unknown';

/** Of a workload of several instances: what all of them are, else down if any does not run. */
export function together(states: readonly ApplicationState[]): ApplicationState {
  const [first = 'unknown', ...others] = new Set(states);
  if (others.length === 0) return first;
  if (states.includes('down') || states.includes('gone')) return 'down';
  return states.includes('unknown') ? 'unknown' : 'runs-on-mixed';
}

interface Words {
  /** After "recovery STRANDED, ". */
  readonly subject: string;
  readonly sentence: string;
}

/** What carries the application's data: volumes alone, or whatever else has been backed up. */
export type Carriers = 'volumes' | 'resources';

/** In the words of mails. */
export const applicationWords = (state: ApplicationState, carriers: Carriers): Words => words[carriers][state];

const words: Readonly<Record<Carriers, Readonly<Record<ApplicationState, Words>>>> = {
  volumes: {
    down: { subject: 'the application is DOWN', sentence: 'DOWN: its instance is not running.' },
    gone: {
      subject: 'its instance is GONE',
      sentence: 'DOWN: its instance is terminated, and cannot be brought back.',
    },
    'runs-on-restored': {
      subject: 'running on the RESTORED volumes',
      sentence: 'its instance is running on the restored volumes, and nothing has confirmed that it works.',
    },
    'runs-on-originals': {
      subject: 'running on the ORIGINAL volumes',
      sentence: 'its instance is running on the volumes that it had, and not everything else is as it was.',
    },
    'runs-on-mixed': {
      subject: 'running on the WRONG volumes',
      sentence: 'its instance is running, and not on the volumes that belong together.',
    },
    unknown: {
      subject: 'the application may be DOWN',
      sentence: 'perhaps DOWN: EC2 could not be asked whether its instance is running.',
    },
  },
  resources: {
    down: { subject: 'the application is DOWN', sentence: 'DOWN: not all that it works with is available.' },
    gone: {
      subject: 'what it works with is GONE',
      sentence: 'DOWN: what it works with is deleted, and cannot be had back.',
    },
    'runs-on-restored': {
      subject: 'led to the RESTORED resources',
      sentence: 'it is led to the restored resources, and nothing has confirmed that it works.',
    },
    'runs-on-originals': {
      subject: 'led to the ORIGINAL resources',
      sentence: 'it is led to the resources that it had, and not everything else is as it was.',
    },
    'runs-on-mixed': {
      subject: 'led to resources that do NOT belong together',
      sentence: 'it is led to some restored resources and to some that it had, which do not belong together.',
    },
    unknown: {
      subject: 'the application may be DOWN',
      sentence: 'perhaps DOWN: AWS could not be asked how what it works with is.',
    },
  },
};
