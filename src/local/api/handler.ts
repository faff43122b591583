import { isDiskFull } from '../data/disk-full.ts';
import { newRequestId } from '../service/names.ts';
import { isObject } from '../service/values.ts';
import { requestTarget, verifyApiRequest } from '../signature/index.ts';
import type { ApiContext } from './context.ts';
import { ApiError, invalid } from './error.ts';
import { Query } from './query.ts';
import { type RoutedOperation, route } from './router.ts';
import { operations } from './table.ts';
import { unservedOperations } from './unserved.ts';

/** A service JSON is small; anything above is a mistake or an attack. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What a request has become on its way to the operation. */
interface Passage {
  request: Request;
  target: string;
  body: Uint8Array;
  operation?: RoutedOperation;
  params: Record<string, string>;
}

type Step = (api: Api, passage: Passage) => void | Promise<void>;

/** In this order; a step that refuses throws ApiError, which becomes the answer. */
const steps: Step[] = [readBody, verifySignature, findOperation];

const routed: RoutedOperation[] = [...operations, ...unservedOperations];

/** The EAS OpenAPI of Local EAS: request id, signature, route, operation, reply or error shape (openapi.md 0 and 1). */
export class Api {
  constructor(
    readonly context: ApiContext,
    readonly lookupSecret: (accessKeyId: string) => string | undefined,
    private readonly log: (line: string) => void,
  ) {}

  async handle(request: Request): Promise<Response> {
    const requestId = newRequestId();
    const passage: Passage = { request, target: requestTarget(request), body: new Uint8Array(0), params: {} };
    try {
      for (const step of steps) await step(this, passage);
      const reply = await passage.operation!.handle(this.context, {
        params: passage.params,
        // Not request.url: what a client writes into its Host header need not be one (pop-core and IPv6).
        query: new Query(new URL(passage.target, this.context.apiUrl).searchParams),
        json: () => parseBody(passage.body),
      });
      return answer(200, { RequestId: requestId, ...reply }, requestId);
    } catch (error) {
      return this.errorAnswer(error, requestId, request);
    }
  }

  private errorAnswer(error: unknown, requestId: string, request: Request): Response {
    const known = error instanceof ApiError ? error : isDiskFull(error) ? noRoom : undefined;
    if (!known)
      this.log(`${request.method} ${requestTarget(request)} failed (${requestId}): ${stackOf(error)}`);
    const HostId = request.headers.get('host') ?? new URL(this.context.apiUrl).host;
    const Message = known?.message ?? 'The request could not be processed; see `eascmd local logs`';
    return answer(
      known?.status ?? 500,
      { RequestId: requestId, HostId, Code: known?.code ?? 'InternalError', Message },
      requestId,
    );
  }
}

async function readBody(_api: Api, passage: Passage): Promise<void> {
  const announced = Number(passage.request.headers.get('content-length') ?? 0);
  if (announced > MAX_BODY_BYTES) throw new ApiError(413, 'RequestTooLarge', tooLarge);
  passage.body = await passage.request.bytes();
  if (passage.body.byteLength > MAX_BODY_BYTES) throw new ApiError(413, 'RequestTooLarge', tooLarge);
}

/** Not in the reference, whose disks are never full. */
const noRoom = new ApiError(
  507,
  'InsufficientStorage',
  'The disk that holds the state of Local EAS is full: free some space',
);

const tooLarge = `The body is larger than ${MAX_BODY_BYTES} bytes`;

function verifySignature(api: Api, { request, target, body }: Passage): void {
  const { method, headers } = request;
  const verdict = verifyApiRequest({ method, target, headers, body }, api.lookupSecret, Date.now());
  if (!verdict.ok) throw new ApiError(verdict.status, verdict.code, verdict.message);
}

function findOperation(_api: Api, passage: Passage): void {
  const { method } = passage.request;
  const path = passage.target.replace(/\?.*$/, '');
  const found = route(routed, method, path);
  if (found.kind === 'unknown')
    throw new ApiError(404, 'InvalidAction.NotFound', `There is no operation at ${method} ${path}`);
  if (found.kind === 'other-method')
    throw new ApiError(
      405,
      'InvalidAction.Method',
      `${path} takes ${found.allowed.join(', ')}, not ${method}`,
    );
  passage.operation = found.operation;
  passage.params = found.params;
}

function parseBody(body: Uint8Array): Record<string, unknown> {
  if (body.byteLength === 0)
    throw new ApiError(400, 'MissingParameter', 'The body is missing: a JSON object');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid('The body must be JSON in UTF-8');
  }
  if (!isObject(value)) throw invalid('The body must be a JSON object');
  return value;
}

function answer(status: number, body: Record<string, unknown>, requestId: string): Response {
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', 'x-acs-request-id': requestId },
  });
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
