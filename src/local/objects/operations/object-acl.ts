import type { Operation } from './operation.ts';
import { OWNER, xmlReply } from './reply.ts';

/** GetObjectACL: every object has its bucket's. */
export const getObjectAcl: Operation = ({ bucket, key }, { shelf }) => {
  shelf.requireObject(bucket, key);
  return xmlReply('AccessControlPolicy', { Owner: OWNER, AccessControlList: { Grant: 'default' } });
};
