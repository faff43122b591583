import type { Service } from '../../core/service/model.ts';
import { headedTable, jsonRows, keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

const LIST_HEADER = [
  'ServiceName',
  'Region',
  'Instance',
  'CreateTime',
  'UpdateTime',
  'Status',
  'Weight',
  'ServicePath',
];

/** `ls`: eascmd.md 2.7. */
export function serviceListView(reply: { RequestId: string; Services: Service[] }): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...headedTable(
        LIST_HEADER,
        reply.Services.map((service) => [
          service.ServiceName,
          service.Region,
          String(service.TotalInstance ?? 0),
          localTime(service.CreateTime),
          localTime(service.UpdateTime),
          service.Status,
          String(service.Weight ?? 0),
          servicePath(service),
        ]),
      ),
    ],
    json: () => reply,
  };
}

/** The API has no such field; it is the path of the service's endpoint (eascmd.md section 6, 7). */
function servicePath(service: Service): string {
  const endpoint = service.IntranetEndpoint || service.InternetEndpoint;
  return endpoint && URL.canParse(endpoint)
    ? new URL(endpoint).pathname
    : `/api/predict/${service.ServiceName}`;
}

type Row = [label: string, value: unknown];

/** `desc`: eascmd.md 2.8. Rows of the older API appear when the reply carries them. */
export function serviceView(service: Service): View {
  return { text: () => keyValueTable([...descRows(service), ...configRows(service)]), json: () => service };
}

function descRows(service: Service): string[][] {
  const older = service as Service & Record<string, unknown>;
  const always: Row[] = [
    ['Status', service.Status],
    ['ServiceName', service.ServiceName],
    ['Region', service.Region],
    ['CreateTime', localTime(service.CreateTime)],
    ['UpdateTime', localTime(service.UpdateTime)],
    ['AccessToken', service.AccessToken ?? ''],
  ];
  const counters: Row[] = [
    ['TotalInstance', service.TotalInstance],
    ['RunningInstance', service.RunningInstance],
    ['PendingInstance', service.PendingInstance],
    ['CPU', service.Cpu ?? 0],
    ['GPU', service.Gpu ?? 0],
    ['Memory', `${service.Memory ?? 0}M`],
    ['Image', service.Image ?? ''],
    ['Weight', service.Weight ?? 0],
    ['LatestVersion', service.LatestVersion ?? ''],
    ['CurrentVersion', service.CurrentVersion ?? ''],
    ['Message', service.Message ?? ''],
  ];
  const rows = [
    ...always,
    ...present(older, ['PrivateToken']),
    ...counters,
    ...present(older, ['APIGatewayUrl', 'APIGatewayAppKey', 'APIGatewayAppSecret', 'InternetEndpoint']),
    ['IntranetEndpoint', service.IntranetEndpoint ?? ''] as Row,
  ];
  return rows.map(([label, value]) => [label, String(value ?? '')]);
}

function present(from: Record<string, unknown>, labels: string[]): Row[] {
  return labels.filter((label) => from[label]).map((label) => [label, from[label]]);
}

function configRows(service: Service): string[][] {
  if (!service.ServiceConfig) return [['ServiceConfig', '']];
  try {
    return jsonRows('ServiceConfig', JSON.parse(service.ServiceConfig));
  } catch {
    return [['ServiceConfig', service.ServiceConfig]];
  }
}

/** The endpoint table of `create`: eascmd.md 2.4. */
export function endpointTable(service: {
  InternetEndpoint?: string;
  IntranetEndpoint?: string;
  AccessToken?: string;
}): string[] {
  const rows: string[][] = [];
  if (service.InternetEndpoint) rows.push(['Internet Endpoint', service.InternetEndpoint]);
  if (service.IntranetEndpoint) rows.push(['Intranet Endpoint', service.IntranetEndpoint]);
  rows.push(['Token', service.AccessToken ?? '']);
  return keyValueTable(rows);
}
