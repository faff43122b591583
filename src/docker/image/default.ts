import type { ProcessorType } from '../../core/worker/spec.ts';

/**
 * The image a processor runs in when nothing else is said: small, with glibc, and with the language's run time. Any
 * image with glibc 2.17 or newer will do instead, the vendor's worker image included.
 */
export const DEFAULT_IMAGES: Record<ProcessorType, string> = {
  cpp: 'debian:bookworm-slim',
  python: 'python:3.11-slim-bookworm',
  java: 'eclipse-temurin:17-jre',
};
