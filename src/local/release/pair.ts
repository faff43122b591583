import { randomBytes } from 'node:crypto';
import { ApiError } from '../api/error.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';

/** `<name>_<8 lower-case hex>` (eascmd.md 1.3). */
export const twinName = (name: string) => `${name}_${randomBytes(4).toString('hex')}`;

/**
 * The service that a new twin goes with. `name` is that of a service, or of an entrance whose first service is gone,
 * so that the same service JSON starts every round. Throws ApiError when there is none or the pair is complete.
 */
export function partnerFor(state: State, name: string, region: string): ServiceRow {
  const named = state.services.byName(name);
  const partner = named?.desired === 'deleted' || !named ? living(state.services.ofEntrance(name))[0] : named;
  if (!partner)
    throw new ApiError(
      404,
      'InvalidService.NotFound',
      `Service [${name}] in region [${region}] is not found; an associated service needs an existing one of that name`,
    );
  const pair = partner.entrance === null ? [] : living(state.services.ofEntrance(partner.entrance));
  if (pair.length > 1)
    throw new ApiError(
      409,
      'ReleaseInProgress',
      `Services [${pair.map((row) => row.name).join('] and [')}] are released together; delete one of them first`,
    );
  return partner;
}

/** Links a service with its new twin: the oldest one's path stays the entrance. Returns its name. */
export function openEntrance(state: State, partner: ServiceRow): string {
  if (partner.entrance !== null) return partner.entrance;
  state.entrances.put(partner.name, partner.token);
  state.services.change(partner.id, { entrance: partner.name, has_own_endpoint: 0 });
  return partner.name;
}

/** The living services of an entrance, oldest first. */
export function living(rows: ServiceRow[]): ServiceRow[] {
  return rows.filter(({ desired }) => desired !== 'deleted');
}

/** After a service of the entrance was deleted: the other one takes all; without any the entrance ends. */
export function settleEntrance(state: State, entrance: string | null): void {
  if (entrance === null) return;
  const rows = state.services.ofEntrance(entrance);
  const rest = living(rows);
  if (rows.length === 0) state.entrances.remove(entrance);
  if (rest.length !== 1) return;
  const [last] = rest as [ServiceRow];
  if (last.name === entrance) {
    state.services.change(last.id, { entrance: null, has_own_endpoint: 1, weight: 0 });
    state.entrances.remove(entrance);
  } else state.services.change(last.id, { has_own_endpoint: 0, weight: 0 });
}

/** Where a service is called, and with which token (serving.md e). */
export function addressOf(state: State, row: ServiceRow): { path: string; token: string } {
  const isOwn = row.entrance === null || row.has_own_endpoint === 1;
  if (isOwn) return { path: row.name, token: row.token };
  return { path: row.entrance!, token: state.entrances.tokenOf(row.entrance!) ?? row.token };
}

/** Who takes the traffic of an entrance, with weights; a single service takes all whatever its weight. */
export function shares(state: State, entrance: string): { row: ServiceRow; weight: number }[] {
  const rows = state.services.ofEntrance(entrance);
  const rest = living(rows);
  const members = (rest.length > 0 ? rest : rows).filter((row) => row.has_own_endpoint === 0);
  return members.map((row) => ({ row, weight: members.length === 1 ? 100 : row.weight }));
}
