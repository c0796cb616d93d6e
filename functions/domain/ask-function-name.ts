/** Name of the function that carries requests to a domain inside a VPC: known without asking, since a plan needs no deployed stack. */
export const askFunctionName = (stack: string, domain: string): string => `${stack}-ask-${domain}`;
