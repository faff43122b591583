import type { Query } from './query.ts';

/**
 * GUESS (docs/local-eas.md): how `create -r` travels is unknown. Our client asks with `BlueGreen=true`; the client's
 * side of the guess is cloud/api/associated.ts.
 */
export function isAssociated(query: Query): boolean {
  return query.flag('BlueGreen');
}
