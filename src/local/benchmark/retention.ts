const HOUR_MS = 3_600_000;

/** How long a task is kept after its end (eascmd.md 2.14), by status; the others are kept as long as they last. */
const KEPT_MS: Record<string, number> = {
  Stopped: 48 * HOUR_MS,
  CreateFailed: HOUR_MS / 6,
  UpdateFailed: HOUR_MS / 6,
  Terminated: HOUR_MS / 6,
  Error: HOUR_MS / 6,
};

/** `endedAt` is RFC 3339. */
export function isExpired(task: { status: string; ended_at: string | null }, nowMs: number): boolean {
  const kept = KEPT_MS[task.status];
  return kept !== undefined && task.ended_at !== null && Date.parse(task.ended_at) + kept <= nowMs;
}
