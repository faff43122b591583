import type Docker from 'dockerode';

/**
 * A connection to the container's stdin, stdout and stderr, before it is started. dockerode's own `attach` sends its
 * options as a body as well, and podman passes that on to the container's stdin: this one sends an empty body.
 */
export function attach(docker: Docker, id: string): Promise<NodeJS.ReadWriteStream> {
  const request = {
    path: `/containers/${id}/attach?`,
    method: 'POST',
    hijack: true,
    isStream: true,
    file: Buffer.alloc(0),
    options: { _query: { stream: true, stdin: true, stdout: true, stderr: true } },
    statusCodes: { 101: true, 200: true, 404: 'no such container', 500: 'server error' },
  };
  return new Promise((resolve, reject) =>
    docker.modem.dial(request, (error: unknown, stream: unknown) =>
      error ? reject(error) : resolve(stream as NodeJS.ReadWriteStream),
    ),
  );
}
