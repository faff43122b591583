import type { OssRequest } from '../request.ts';
import type { Shelf } from '../shelf.ts';

export interface Context {
  shelf: Shelf;
  region: string;
  nowMs: number;
}

/** Answers one authenticated request, or throws an OssError. */
export type Operation = (request: OssRequest, context: Context) => Response | Promise<Response>;
