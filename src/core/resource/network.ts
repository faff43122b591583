import type { EasError } from '../errors.ts';
import { parseRecord, type RecordRule, readRecord } from '../input/record.ts';
import type { Node } from '../service/document/parse.ts';
import type { DirectLink } from './api.ts';
import { canonicalCidr, overlap, parseCidr } from './cidr.ts';

const RULES: Record<string, RecordRule> = {
  Action: { type: 'string', values: ['create', 'delete'], isRequired: true },
  VSwitchId: { type: 'string' },
  SecurityGroupId: { type: 'string' },
  VSwitchIdList: { type: 'list of strings' },
  DestinationCIDR: { type: 'string' },
};

/** Networks of the service itself (eascmd.md 3.5). */
const TAKEN = ['10.0.0.0/8', '10.224.0.0/16', '10.240.0.0/16'];

/**
 * Reads the network JSON of `resource network -s` (eascmd.md 3.5). `undefined` means that the direct connection is to
 * be removed. Throws EasError (exit 2) with line and column.
 */
export function readNetwork(text: string, fileName: string): DirectLink | undefined {
  const { source, root } = parseRecord(text, fileName);
  const fields = readRecord(source, root, '', RULES);
  const value = (key: string): Node | undefined => fields.get(key)?.value;
  const textOf = (key: string): string => {
    const node = value(key);
    return node?.kind === 'string' ? node.value.trim() : '';
  };
  if (textOf('Action') === 'delete') return undefined;
  for (const key of ['VSwitchId', 'SecurityGroupId'])
    if (textOf(key) === '')
      throw source.error(
        'MissingField',
        value(key)?.at ?? root.at,
        `${key} is ${value(key) ? 'empty' : 'missing'}`,
        'Action create needs VSwitchId and SecurityGroupId.',
      );
  const destination = value('DestinationCIDR');
  if (destination?.kind === 'string')
    checkCidrs(destination.value, (what, hint) => source.error('InvalidCidr', destination.at, what, hint));
  const switches = value('VSwitchIdList');
  return {
    VSwitchId: textOf('VSwitchId'),
    SecurityGroupId: textOf('SecurityGroupId'),
    VSwitchIdList:
      switches?.kind === 'array'
        ? switches.items.map((item) => (item.kind === 'string' ? item.value : ''))
        : [],
    DestinationCIDRs: textOf('DestinationCIDR'),
  };
}

/** One block, or several with commas; the empty text is the default. */
function checkCidrs(text: string, fail: (what: string, hint: string) => EasError): void {
  if (text.trim() === '') return;
  for (const part of text.split(',').map((each) => each.trim())) {
    const block = parseCidr(part);
    if (!block) throw fail(`DestinationCIDR "${part}" is no IPv4 block`, 'Write it as 192.168.0.0/16.');
    const canonical = canonicalCidr(block);
    if (canonical !== part)
      throw fail(`DestinationCIDR "${part}" is not the start of its block`, `Did you mean "${canonical}"?`);
    const taken = TAKEN.findLast((other) => overlap(block, parseCidr(other)!));
    if (taken)
      throw fail(
        `DestinationCIDR "${part}" overlaps ${taken}, which the service uses itself`,
        `Keep clear of ${TAKEN.join(', ')}.`,
      );
  }
}
