import type { Service } from '../../core/service/model.ts';
import { HeadedTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

const HEADER = [
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
  const list = new ServiceList({ isJson: false });
  for (const service of reply.Services) list.add(service);
  return { ...list.view(reply.RequestId), json: () => reply, jsonText: undefined };
}

/**
 * Services as they come, page by page, of which only the text is kept that will be written: ten thousand of them are
 * megabytes.
 */
export class ServiceList {
  private readonly table = new HeadedTable(HEADER);
  private readonly documents: Uint8Array[] = [];

  constructor(private readonly options: { isJson: boolean }) {}

  add(service: Service): void {
    if (this.options.isJson) this.documents.push(indented(service));
    else this.table.add(cellsOf(service));
  }

  view(requestId: string): View {
    return {
      text: () => this.lines(requestId),
      json: () => JSON.parse(Buffer.concat([...this.json(requestId)].map(Buffer.from)).toString()),
      jsonText: () => this.json(requestId),
    };
  }

  private *lines(requestId: string): Generator<string> {
    yield* requestIdLine(requestId);
    yield* this.table.lines();
  }

  private *json(requestId: string): Generator<string | Uint8Array> {
    yield `{\n  "RequestId": ${JSON.stringify(requestId)},\n  "Services": [`;
    for (const [index, document] of this.documents.entries()) {
      yield index === 0 ? '\n    ' : ',\n    ';
      yield document;
    }
    yield this.documents.length > 0 ? '\n  ]\n}' : ']\n}';
  }
}

/** Bytes, since a text that holds one Chinese character takes two for each of its characters. */
function indented(service: Service): Uint8Array {
  return Buffer.from(JSON.stringify(service, null, 2).replaceAll('\n', '\n    '));
}

function cellsOf(service: Service): string[] {
  return [
    service.ServiceName,
    service.Region,
    String(service.TotalInstance ?? 0),
    localTime(service.CreateTime),
    localTime(service.UpdateTime),
    service.Status,
    String(service.Weight ?? 0),
    servicePath(service),
  ];
}

/** The API has no such field; it is the path of the service's endpoint (eascmd.md section 6, 7). */
function servicePath(service: Service): string {
  const endpoint = service.IntranetEndpoint || service.InternetEndpoint;
  return endpoint && URL.canParse(endpoint)
    ? new URL(endpoint).pathname
    : `/api/predict/${service.ServiceName}`;
}
