/** `Holdfast-BeginTiersFunctionD11920C3-6357AF599A07` → `BeginTiers` */
export const stepOf = (name: string): string =>
  /Holdfast-(?:Default)?(\w+?)Function[0-9A-F]{8}/.exec(name)?.[1] ?? name;
