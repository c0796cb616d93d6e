/** Decodes the form bodies of ec2Query and awsQuery: the mirror image of the SDK's QueryShapeSerializer. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { simpleValue } from './simple-value.ts';

export interface QueryDialect {
  /** ec2Query: every list is flat, member names begin with a capital, and `ec2QueryName` wins. */
  readonly ec2: boolean;
}

interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

function emptyNode(): FormNode {
  return { children: new Map() };
}

function treeOf(form: URLSearchParams): FormNode {
  const root = emptyNode();
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split('.')) {
      const child = node.children.get(part) ?? emptyNode();
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** Traits are loosely typed by the SDK. */
function textTrait(schema: NormalizedSchema, trait: 'xmlName' | 'ec2QueryName'): string | undefined {
  const value: unknown = schema.getMergedTraits()[trait];
  return typeof value === 'string' ? value : undefined;
}

function memberKey(schema: NormalizedSchema, name: string, dialect: QueryDialect): string {
  const ec2QueryName = textTrait(schema, 'ec2QueryName');
  if (dialect.ec2 && ec2QueryName) return ec2QueryName;
  const key = textTrait(schema, 'xmlName') ?? name;
  return dialect.ec2 ? key.charAt(0).toUpperCase() + key.slice(1) : key;
}

/** Children named 1, 2, 3 …, in that order. */
function numbered(node: FormNode | undefined): FormNode[] {
  const entries = [...(node?.children ?? [])].filter(([key]) => /^\d+$/.test(key));
  return entries.sort(([one], [other]) => Number(one) - Number(other)).map(([, child]) => child);
}

function elementName(schema: NormalizedSchema, fallback: string, dialect: QueryDialect): string {
  return (dialect.ec2 ? textTrait(schema, 'ec2QueryName') : undefined) ?? textTrait(schema, 'xmlName') ?? fallback;
}

function decodeStruct(schema: NormalizedSchema, node: FormNode, dialect: QueryDialect): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(memberKey(member, name, dialect));
    if (child) struct[name] = decodeNode(member, child, dialect);
  }
  return struct;
}

function decodeList(schema: NormalizedSchema, node: FormNode, dialect: QueryDialect): unknown[] {
  const element = schema.getValueSchema();
  const flat = dialect.ec2 || schema.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(elementName(element, 'member', dialect));
  return numbered(items).map((item) => decodeNode(element, item, dialect));
}

function decodeMap(schema: NormalizedSchema, node: FormNode, dialect: QueryDialect): Record<string, unknown> {
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const keyName = elementName(schema.getKeySchema(), 'key', dialect);
  const valueName = elementName(schema.getValueSchema(), 'value', dialect);
  return Object.fromEntries(
    numbered(entries).map(({ children }) => [
      children.get(keyName)?.value ?? '',
      decodeNode(schema.getValueSchema(), children.get(valueName) ?? emptyNode(), dialect),
    ]),
  );
}

function decodeNode(schema: NormalizedSchema, node: FormNode, dialect: QueryDialect): unknown {
  if (schema.isListSchema()) return decodeList(schema, node, dialect);
  if (schema.isMapSchema()) return decodeMap(schema, node, dialect);
  if (schema.isStructSchema()) return decodeStruct(schema, node, dialect);
  return simpleValue(schema, node.value ?? '');
}

/** The typed input of an operation from its form. Members that the form does not name are absent. */
export function decodeQuery(schema: NormalizedSchema, form: URLSearchParams, dialect: QueryDialect): unknown {
  return schema.isStructSchema() ? decodeStruct(schema, treeOf(form), dialect) : {};
}
