/** `Holdfast-BeginTiersFunctionD11920C3-6357AF599A07` → `BeginTiers` */
export const stepOf = (name: string): string =>
  /Holdfast-(?:Default)?(\w+?)Function[0-9A-F]{8}/.exec(name)?.[1] ?? name;

/** The function of a step. @throws Error when there is none */
export function functionOf(names: readonly string[], step: string): string {
  const name = names.find((each) => stepOf(each) === step);
  if (name === undefined) throw new Error(`There is no function of ${step}.`);
  return name;
}
