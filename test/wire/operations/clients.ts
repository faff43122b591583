import OpenApiClient, { $OpenApiUtil } from '@alicloud/openapi-core';
import popCore from '@alicloud/pop-core';
import * as $dara from '@darabonba/typescript';

export interface WireCall {
  operation: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: replies are read as a caller of a dynamic language would.
export type Reply = Record<string, any>;
export type WireClient = (call: WireCall) => Promise<Reply>;

export interface Access {
  apiUrl: string;
  accessKeyId: string;
  accessKeySecret: string;
}

/** pop-core's type declarations stop at its RPC client. */
interface RoaClient {
  request(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string,
    headers: Record<string, string>,
    options: object,
  ): Promise<Reply>;
}
const { ROAClient } = popCore as unknown as {
  ROAClient: new (config: Record<string, string>) => RoaClient;
};

export function popCoreClient({ apiUrl, accessKeyId, accessKeySecret }: Access): WireClient {
  const client = new ROAClient({ endpoint: apiUrl, apiVersion: '2021-07-01', accessKeyId, accessKeySecret });
  return ({ operation, method, path, query, body }) => {
    const headers: Record<string, string> = { 'x-acs-action': operation };
    if (body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
    return client.request(method, path, query, body ?? '', headers, { timeout: 20_000 });
  };
}

/** The vendor's current runtime: ACS3 unless another `signatureAlgorithm` is named. */
export function openApiClient(access: Access, signatureAlgorithm?: string): WireClient {
  const { accessKeyId, accessKeySecret } = access;
  const config = { accessKeyId, accessKeySecret, signatureAlgorithm };
  const client = new OpenApiClient(
    new $OpenApiUtil.Config({ ...config, endpoint: new URL(access.apiUrl).host, protocol: 'HTTP' }),
  );
  return async ({ operation, method, path, query, body }) => {
    const parameters = new $OpenApiUtil.Params({
      action: operation,
      version: '2021-07-01',
      protocol: 'HTTP',
      pathname: path,
      method,
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'json',
    });
    const request = new $OpenApiUtil.OpenApiRequest({ query, body });
    const reply = await client.callApi(parameters, request, new $dara.RuntimeOptions({}));
    return reply.body as Reply;
  };
}
