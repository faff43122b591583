import { addressOf } from '../../release/pair.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { endpointsOf } from '../service-reply.ts';

/** openapi.md DescribeServiceEndpoints. */
export function describeServiceEndpoints(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const { InternetEndpoint, IntranetEndpoint } = endpointsOf(context, row);
  return {
    AccessToken: addressOf(context.state, row).token,
    Endpoints: [
      {
        BackendId: 'default',
        EndpointType: 'DefaultGateway',
        PathType: 'Service',
        InternetEndpoints: [InternetEndpoint],
        IntranetEndpoints: [IntranetEndpoint],
      },
    ],
    Message: 'Execution succeeded.',
  };
}
