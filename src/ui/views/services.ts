import type { Service } from '../../core/service/model.ts';
import { jsonRows, keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';
import type { View } from '../view.ts';

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
