import type { Target } from '../../core/target.ts';
import { maskSecrets } from '../masking.ts';
import { requestIdLine, type View } from '../view.ts';

/** The end of a change that is not waited for: how to watch it is a service to people, so it is part of the text. */
export function acceptedView(resume: string, reply: unknown, what = 'service'): View {
  return {
    text: () => [`[OK] Not waiting; to watch the ${what}: ${resume}`],
    json: () => reply,
  };
}

/** A change that is done when it is accepted: what the API said (eascmd.md 2.17). */
export function acknowledgedView(reply: { RequestId: string; Message: string }): View {
  return { text: () => [...requestIdLine(reply.RequestId), `[OK] ${reply.Message}`], json: () => reply };
}

export interface PlannedRequest {
  method: string;
  path: string;
  body?: unknown;
}

/** `--dry-run`: the request that would go out, secrets masked. */
export function dryRunView(target: Target, request: PlannedRequest): View {
  const body = maskSecrets(request.body);
  const url = `${target.apiUrl}${request.path}`;
  return {
    text: () => [
      `${request.method} ${url}`,
      ...(body === undefined ? [] : JSON.stringify(body, null, 2).split('\n')),
    ],
    json: () => ({ method: request.method, url, body }),
  };
}
