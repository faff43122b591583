import { headedTable } from '../tables.ts';
import type { View } from '../view.ts';

interface Setting {
  name: string;
  /** Masked when it is a secret. */
  value: string;
  source: string;
  from: string;
}

/** `config show`: each value with the place it came from. */
export function settingsView(settings: Setting[]): View {
  return {
    text: () =>
      headedTable(
        ['Name', 'Value', 'Source', 'From'],
        settings.map(({ name, value, source, from }) => [name, value, source, from]),
      ),
    json: () => settings,
  };
}
