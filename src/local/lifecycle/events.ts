import { apiTime } from '../clock.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';

/** Writes the events of one service in the API's form: the message is a JSON document as text. */
export class EventLog {
  constructor(
    private readonly state: State,
    private readonly serviceId: string,
  ) {}

  service(
    type: 'Normal' | 'Warning',
    reason: string,
    row: ServiceRow,
    message: string,
    available: number,
  ): void {
    this.add(type, reason, 'Service', null, {
      versionId: row.current_version,
      message,
      availableInstance: available,
      unavailableInstance: Math.max(0, row.instances - available),
    });
  }

  instance(type: 'Normal' | 'Warning', reason: string, instance: string, message: string): void {
    this.add(type, reason, 'Pod', instance, { message });
  }

  private add(
    type: 'Normal' | 'Warning',
    reason: string,
    resource: 'Service' | 'Pod',
    instance: string | null,
    message: Record<string, unknown>,
  ): void {
    this.state.events.add(this.serviceId, {
      at: apiTime(),
      type,
      reason,
      resource,
      instance,
      message: JSON.stringify(message),
    });
  }
}
