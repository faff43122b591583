/** eascmd.md 3.1: lower-case letters, digits and underscore, a letter first. */
const SERVICE_NAME = /^[a-z][a-z0-9_]*$/;

export const SERVICE_NAME_RULE =
  'A service name has lower-case letters, digits and underscores, and starts with a letter.';

/** What is wrong with a service name, or undefined when it is legal. */
export function serviceNameProblem(name: string): string | undefined {
  if (name === '') return 'the service name is empty';
  return SERVICE_NAME.test(name) ? undefined : `"${name}" is not a legal service name`;
}

/** A legal name close to an illegal one, for hints; undefined when nothing is left of it. */
export function legalServiceName(name: string): string | undefined {
  const folded = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return folded || undefined;
}
