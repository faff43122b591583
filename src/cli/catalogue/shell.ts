import type { CommandSpec } from '../command.ts';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** About the program itself. */
export const shellCommands: CommandSpec[] = [
  {
    name: 'completion',
    summary: 'print the script that completes commands and service names in a shell',
    arguments: [['<shell>', 'bash, zsh, fish or powershell', shells]],
    load: () => import('../../commands/completion.ts'),
  },
  {
    name: 'help',
    summary: 'explain a command: arguments, options, examples, exit codes',
    arguments: [['[command...]', 'e.g. create, or local start']],
    load: () => import('../../commands/help.ts'),
  },
];
