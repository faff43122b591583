/** What the states of a service mean to someone who waits (eascmd.md section 5). */

const BUILDING = new Set(['Creating', 'Committing', 'Developing', 'Cloning', 'Deploying']);
const FAILED = new Set(['Failed', 'DeleteFailed']);

/** Before instances exist: the tool prints each new message. */
export function isBuilding(status: string): boolean {
  return BUILDING.has(status);
}

export function isFailed(status: string): boolean {
  return FAILED.has(status);
}
