import { OssError } from '../errors.ts';
import type { Upload } from '../index/uploads.ts';
import type { OssRequest } from '../request.ts';
import { noSuchUpload, type Shelf } from '../shelf.ts';

const MAX_PART_NUMBER = 10_000;

/** The upload a request names; it has to belong to the very bucket and key of the request. */
export function requireUpload(request: OssRequest, shelf: Shelf): Upload {
  shelf.requireBucket(request.bucket);
  const id = request.query.get('uploadId') ?? '';
  const upload = shelf.uploads.upload(id);
  if (!upload || upload.bucket !== request.bucket || upload.key !== request.key) throw noSuchUpload(id);
  return upload;
}

export function partNumberOf(request: OssRequest): number {
  const text = request.query.get('partNumber') ?? '';
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MAX_PART_NUMBER)
    throw new OssError(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}.`,
      {
        ArgumentName: 'partNumber',
        ArgumentValue: text,
      },
    );
  return number;
}
