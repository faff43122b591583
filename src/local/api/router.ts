import type { Operation } from './context.ts';

export interface RoutedOperation {
  name: string;
  method: string;
  path: string;
  handle: Operation;
}

export type Routed =
  | { kind: 'found'; operation: RoutedOperation; params: Record<string, string> }
  | { kind: 'other-method'; allowed: string[] }
  | { kind: 'unknown' };

/** Finds the operation of a method and a percent-encoded path; `{Name}` in a template matches one segment. */
export function route(operations: RoutedOperation[], method: string, path: string): Routed {
  const segments = path.replace(/\/$/, '').split('/');
  const allowed: string[] = [];
  for (const operation of operations) {
    const params = match(operation.path.split('/'), segments);
    if (!params) continue;
    if (operation.method === method) return { kind: 'found', operation, params };
    allowed.push(operation.method);
  }
  return allowed.length > 0 ? { kind: 'other-method', allowed } : { kind: 'unknown' };
}

function match(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const segment = segments[index]!;
    if (expected.startsWith('{')) {
      const value = decode(segment);
      if (!value) return undefined;
      params[expected.slice(1, -1)] = value;
    } else if (expected !== segment) return undefined;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
