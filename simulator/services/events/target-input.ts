/** What a target receives. Source: EventBridge User Guide, "Amazon EventBridge input transformation". */

export interface TargetInput {
  /** Constant JSON text instead of the event. */
  readonly input?: string | undefined;
  /** JSON path of the part to send. */
  readonly inputPath?: string | undefined;
  readonly transformer?: { readonly paths: Readonly<Record<string, string>>; readonly template: string } | undefined;
}

export interface RuleNames {
  readonly ruleName: string;
  readonly ruleArn: string;
}

type Event = Readonly<Record<string, unknown>>;

/** `$.detail['state'].list[0]` */
function at(event: Event, path: string): unknown {
  if (!path.startsWith('$')) throw new Error(`not a JSON path: ${path}`);
  const keys = path.slice(1).match(/[^.[\]'"]+/g) ?? [];
  return keys.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Reflect.get(value, key) as unknown;
  }, event);
}

function variables(event: Event, paths: Readonly<Record<string, string>>, names: RuleNames): Map<string, unknown> {
  const own = Object.entries(paths).map(([name, path]): [string, unknown] => [name, at(event, path)]);
  return new Map<string, unknown>([
    ...own,
    ['aws.events.rule-arn', names.ruleArn],
    ['aws.events.rule-name', names.ruleName],
    ['aws.events.event.ingestion-time', event.time],
    ['aws.events.event', event],
    ['aws.events.event.json', event],
  ]);
}

/** Inside a quoted string a value appears bare, elsewhere as JSON. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let quoted = false;
  return template.replaceAll(/\\.|"|<([^<>"\s]+)>/g, (whole: string, name: string | undefined) => {
    if (whole === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return whole;
    const value = values.get(name) ?? null;
    const json = JSON.stringify(value);
    return quoted ? (typeof value === 'string' ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1)) : json;
  });
}

/** The JSON text that a rule sends to its target for this event. */
export function targetText(event: Event, target: TargetInput, names: RuleNames): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(at(event, target.inputPath));
  if (!target.transformer) return JSON.stringify(event);
  return fill(target.transformer.template, variables(event, target.transformer.paths, names));
}
