import { checkFields } from './document/check.ts';
import { parseDocument, toValue } from './document/parse.ts';
import { checkValues, requireForCreate, requireForTest } from './document/require.ts';
import { Source } from './document/source.ts';
import type { ServiceDocument } from './model.ts';

export { applyAssignments } from './document/assign.ts';
export { classifyChange } from './document/change.ts';

export interface ReadDocument {
  /** The document as written: string booleans and dotted names stay as they are, comments are gone. */
  document: ServiceDocument;
  /** One line each, with file, line and column: fields and presets this program does not know but passes on. */
  warnings: string[];
}

/**
 * Reads a service description (eascmd.md 3). `create` asks for the fields a new service needs; `modify` takes a
 * partial document; `test` asks for a processor that can run here. Throws EasError (exit 2) with `file:line:column`, the accepted values and an excerpt in
 * `detail`; a field that is missing is reported at the opening of its object.
 */
export function readServiceDocument(
  text: string,
  fileName: string,
  purpose: 'create' | 'modify' | 'test',
): ReadDocument {
  const source = new Source(text.replace(/\r\n?/g, '\n'), fileName);
  const root = parseDocument(source);
  if (root.kind !== 'object')
    throw source.error('InvalidJson', root.at, 'a service description is an object {…}');
  if (root.members.length === 0)
    throw source.error('InvalidJson', root.at, 'the service description is empty');
  const warnings: string[] = [];
  const found = checkFields(source, root, warnings);
  checkValues(source, found, warnings);
  if (purpose === 'create') requireForCreate(source, root, found);
  if (purpose === 'test') requireForTest(source, root, found);
  return { document: toValue(root) as ServiceDocument, warnings };
}
