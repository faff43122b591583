import type { ServiceEndpoint } from '../../core/service/model.ts';
import { keyValueTable } from '../tables.ts';
import { requestIdLine, type View } from '../view.ts';

/** `endpoints`: the table of `create` (eascmd.md 2.4), with the rows of further gateways named by their type. */
export function endpointListView(reply: {
  RequestId: string;
  AccessToken?: string;
  Endpoints: ServiceEndpoint[];
}): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...keyValueTable([...reply.Endpoints.flatMap(rows), ['Token', reply.AccessToken ?? '']]),
    ],
    json: () => reply,
  };
}

function rows(endpoint: ServiceEndpoint): string[][] {
  const { EndpointType: type, BackendId: id, Port: port } = endpoint;
  const suffix = type === 'DefaultGateway' ? '' : ` (${[type, id].filter(Boolean).join(' ')})`;
  const shown = (address: string) => (port && !address.includes('/') ? `${address}:${port}` : address);
  return [
    ...(endpoint.InternetEndpoints ?? []).map((address) => [`Internet Endpoint${suffix}`, shown(address)]),
    ...(endpoint.IntranetEndpoints ?? []).map((address) => [`Intranet Endpoint${suffix}`, shown(address)]),
  ];
}
