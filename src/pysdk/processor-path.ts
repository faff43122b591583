import { parseDocument } from '../core/service/document/parse.ts';
import { Source } from '../core/service/document/source.ts';

/**
 * A service description with another `processor_path`; comments and layout stay as they are. Throws EasError
 * (exit 2) with file, line and column for text that is no description.
 */
export function withProcessorPath(text: string, fileName: string, processorPath: string): string {
  const source = new Source(text, fileName);
  const root = parseDocument(source);
  if (root.kind !== 'object')
    throw source.error('InvalidJson', root.at, 'a service description is an object {…}');
  const value = JSON.stringify(processorPath);
  const member = root.members.find(({ key }) => key === 'processor_path');
  if (!member) {
    const separator = root.members.length > 0 ? ',' : '\n';
    return `${text.slice(0, root.at + 1)}\n  "processor_path": ${value}${separator}${text.slice(root.at + 1)}`;
  }
  const { value: node } = member;
  if (node.kind !== 'string' && node.kind !== 'null')
    throw source.error('InvalidJson', node.at, 'processor_path is an address in quotes');
  const end = node.kind === 'null' ? node.at + 'null'.length : stringEnd(text, node.at);
  return text.slice(0, node.at) + value + text.slice(end);
}

function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}
