import { type ApiClient, type ClientCredentials, makeApiClient } from '@sallyport/contract';

/** The API of the server this page came from. */
export function makeClient(clientCredentials: ClientCredentials): ApiClient {
  return makeApiClient({
    baseUrl: location.origin,
    clientCredentials,
    // Browsers answer a challenge for HTTP Basic (RFC 7617 §2), which wrong credentials bring, with a window of their own
    // and hold the answer back until it is closed; without their own credentials they leave it to us.
    fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }),
  });
}
