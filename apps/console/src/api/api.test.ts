import { ApiError, makeApiClient } from '@sallyport/contract';
import { describe, expect, test } from 'vitest';
import { errorWords } from './error-words.ts';
import { nextCursor } from './paged-query.ts';

describe('errors in words', () => {
  test('an answer keeps its code, message, id and every detail with its property', () => {
    const error = new ApiError(
      400,
      {
        id: 'a-1',
        code: 'INVALID_DATA',
        message: 'The request could not be completed. 2 properties are invalid.',
        details: [
          { code: 'REQUIRED_VALUE', target: 'name', message: 'name is missing' },
          { code: 'INVALID_VALUE', message: 'filter is not closed' },
        ],
      },
      null,
    );
    expect(errorWords(error)).toEqual({
      title: 'The server refused this',
      message: 'The request could not be completed. 2 properties are invalid.',
      code: 'INVALID_DATA',
      id: 'a-1',
      details: [
        { code: 'REQUIRED_VALUE', target: 'name', message: 'name is missing' },
        { code: 'INVALID_VALUE', message: 'filter is not closed' },
      ],
    });
  });

  test('a detail that repeats the message is said once', () => {
    const error = new ApiError(
      401,
      { id: '', code: 'ACCESS_FAILED', message: 'No', details: [{ code: 'X', message: 'No' }] },
      null,
    );
    expect(errorWords(error)).toEqual({
      title: 'The session is over',
      message: 'No',
      code: 'ACCESS_FAILED',
      details: [],
    });
  });

  test('a limited request says how long to wait', () => {
    const body = { id: 'a', code: 'REQUEST_LIMITED', message: 'Too many.' };
    expect(errorWords(new ApiError(429, body, '7')).message).toBe('Too many. Try again in 7 s.');
  });

  test('an answer of a proxy without our body still has a title by its status', () => {
    expect(errorWords(new ApiError(502, '<html>', null)).title).toBe('The server failed');
  });

  test('no answer at all is told as such', () => {
    expect(errorWords(new TypeError('Failed to fetch')).title).toBe('The server cannot be reached');
  });

  test('an answer of another shape names the property', async () => {
    const client = makeApiClient({
      baseUrl: 'http://127.0.0.1',
      fetch: () => Promise.resolve(Response.json({ id: 7 })),
    });
    const error: unknown = await client.rules
      .read({ environmentId: 'e', ruleId: 'r' })
      .catch((thrown: unknown) => thrown);
    const words = errorWords(error);
    expect(words.title).toBe('The answer is not understood');
    expect(words.details[0]?.target).toBe('id');
  });
});

describe('paging', () => {
  test('the cursor comes from the next link, whatever host it names', () => {
    const links = { next: { href: 'https://elsewhere.example/v1/x?limit=5&cursor=a%2Bb' } };
    expect(nextCursor({ _links: links })).toBe('a+b');
  });
  test('without a next link there is no next page', () => {
    expect(nextCursor({ _links: {} })).toBeUndefined();
  });
});
