import { EasError } from '../core/errors.ts';
import type { NetworkOptions } from '../core/network.ts';
import type { Credentials } from '../core/target.ts';
import { type RawReply, readReply } from './api/errors.ts';
import { agentFor } from './transport/agents.ts';
import { networkError } from './transport/failures.ts';
import { quietSdks } from './transport/quiet.ts';

const STS_URL = 'https://sts.aliyuncs.com';
const TIMEOUT_MS = 15_000;

/** The part of pop-core's RPC client that is used. */
interface RpcClient {
  request(action: string, parameters: object, options: Record<string, unknown>): Promise<unknown>;
}

export interface CallerUidOptions {
  network?: NetworkOptions;
  signal?: AbortSignal;
  stsUrl?: string;
}

/** Uid of the account that owns the AccessKey (STS GetCallerIdentity); its uploads stand under `<uid>/`. */
export async function callerUid(credentials: Credentials, options: CallerUidOptions = {}): Promise<string> {
  const { network = {}, signal, stsUrl = STS_URL } = options;
  quietSdks();
  const { default: popCore } = await import('./packages/pop-core.ts');
  const core = popCore as unknown as {
    RPCClient: new (options: object) => RpcClient;
  };
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const keys = { accessKeyId, accessKeySecret, securityToken };
  const client = new core.RPCClient({ endpoint: stsUrl, apiVersion: '2015-04-01', ...keys });
  const agent = agentFor(new URL(stsUrl), { network });
  const reply: RawReply = { status: 0, headers: {}, body: '' };
  const call = {
    agent,
    timeout: TIMEOUT_MS,
    beforeRequest: (request: object) => ({
      ...request,
      signal,
      onResponse: (response: { statusCode?: number; headers: object }) => {
        reply.status = response.statusCode ?? 0;
        reply.headers = response.headers as RawReply['headers'];
      },
    }),
  };
  try {
    const answer = await client.request('GetCallerIdentity', {}, call).catch((error) => {
      signal?.throwIfAborted();
      if (reply.status === 0) throw networkError(error, new URL(stsUrl), network);
      return error.data ?? {};
    });
    reply.body = JSON.stringify(answer);
    const identity = readReply(reply, 'GetCallerIdentity', stsUrl, Date.now());
    const uid = String(identity.AccountId ?? '');
    if (/^\d+$/.test(uid)) return uid;
    throw new EasError({
      code: 'UnexpectedReply',
      message: `${stsUrl} did not tell whose AccessKey this is`,
    });
  } finally {
    agent.destroy();
  }
}
