import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { saveConfig } from '../config/file/store.ts';
import { usageError } from '../core/errors.ts';
import type { View } from '../ui/view.ts';
import { settingsView } from '../ui/views/settings.ts';

/** eascmd.md 2.2. `config -e local` needs no keys: those of Local EAS are its own. */
export async function run({ host, clients }: Context, args: Arguments): Promise<View> {
  const action = args.optional(0);
  if (action === 'show') return settingsView((await clients.settings()).describe());
  if (action !== undefined)
    throw usageError('WrongUsage', `config knows no ${JSON.stringify(action)}`, 'use: eascmd config show');
  const { config, accessKeyId, accessKeySecret, endpoint, stsToken } = clients.flags;
  const given = { accessKeyId, accessKeySecret, endpoint, securityToken: stsToken };
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(changes).length === 0)
    throw usageError(
      'NothingToSave',
      'Nothing to save',
      'use: eascmd config -i <AccessKeyID> -k <AccessKeySecret> [-e <endpoint>], or eascmd config -e local',
    );
  // Half of one pair beside half of another would be refused by every call.
  if ((accessKeyId === undefined) !== (accessKeySecret === undefined))
    throw usageError(
      'HalfAKey',
      accessKeyId === undefined ? 'The AccessKey ID is missing (-i)' : 'The AccessKey secret is missing (-k)',
      'save both: eascmd config -i <AccessKeyID> -k <AccessKeySecret>',
    );
  const path = await saveConfig(host, config, changes);
  return { text: () => [`Configuration saved to: ${path}`], json: () => ({ path }) };
}
