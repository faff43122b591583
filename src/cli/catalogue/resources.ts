import type { CommandSpec } from '../command.ts';

const resource: [string, string] = ['<resource_id>', 'id of the resource group, eas-r-…'];

/** Resource groups (eascmd.md 1.2). */
export const resourceCommands: CommandSpec[] = [
  {
    name: 'resource list',
    aliases: ['ls'],
    summary: 'list the resource groups',
    load: () => import('../../commands/resource/list.ts'),
  },
  {
    name: 'resource desc',
    summary: 'show everything about a resource group',
    arguments: [resource],
    load: () => import('../../commands/resource/desc.ts'),
  },
  {
    name: 'resource list_instance',
    aliases: ['li'],
    summary: 'list the machines of a resource group and what is used of them',
    arguments: [resource],
    load: () => import('../../commands/resource/list-instance.ts'),
  },
  {
    name: 'resource network',
    summary: 'connect a resource group with a network of yours, or disconnect it',
    arguments: [resource],
    options: [
      { flags: '-s, --source <file>', meaning: 'network JSON: Action, VSwitchId, SecurityGroupId, …' },
    ],
    load: () => import('../../commands/resource/network.ts'),
  },
];
