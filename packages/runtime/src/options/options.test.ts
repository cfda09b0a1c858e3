import { describe, expect, it } from 'vitest';
import { optionHelp, optionReference } from './option-help.ts';
import { choiceOption, integerOption, switchOption, textOption, urlOption } from './option-types.ts';
import { OptionProblems, readOptions } from './read-options.ts';

const TABLE = {
  port: {
    type: integerOption(0, 65_535),
    environmentVariable: 'SALLYPORT_PORT',
    flag: 'port',
    description: 'Where it listens.',
    defaultValue: 8080,
  },
  level: {
    type: choiceOption(['info', 'debug']),
    environmentVariable: 'SALLYPORT_LOG_LEVEL',
    flag: 'log-level',
    description: 'How much is said.',
    defaultValue: 'info',
  },
  quiet: {
    type: switchOption,
    environmentVariable: 'SALLYPORT_QUIET',
    flag: 'quiet',
    description: 'Say nothing.',
    defaultValue: false,
  },
  publicUrl: {
    type: urlOption(['https']),
    environmentVariable: 'SALLYPORT_PUBLIC_URL',
    flag: 'public-url',
    description: 'Its address.',
    defaultText: 'from host and port',
  },
  secret: {
    type: { ...textOption, parse: (text: string) => (text.length < 4 ? fail(`too short: ${text}`) : text) },
    environmentVariable: 'SALLYPORT_SECRET',
    flag: 'secret',
    description: 'A secret.',
    secret: true,
  },
} as const;

function fail(message: string): never {
  throw new TypeError(message);
}

function read(
  argv: readonly string[],
  environment: Record<string, string> = {},
  files: Record<string, string> = {},
): ReturnType<typeof readOptions<typeof TABLE>> {
  return readOptions(TABLE, { argv, environment, readFile: (path) => files[path] ?? fail('no such file') });
}

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof OptionProblems) return error.problems;
    throw error;
  }
  return [];
}

describe('options', () => {
  it('takes the default, then the file, then the variable, then the flag', () => {
    const files = { 'a.conf': '# comment\nSALLYPORT_PORT=1\nSALLYPORT_LOG_LEVEL=debug\n' };
    const environment = { SALLYPORT_CONFIG: 'a.conf', SALLYPORT_PORT: '2' };
    expect(read([], {})).toMatchObject({ values: { port: 8080, level: 'info', quiet: false } });
    expect(read([], { SALLYPORT_CONFIG: 'a.conf' }, files)).toMatchObject({
      values: { port: 1, level: 'debug' },
    });
    expect(read([], environment, files)).toMatchObject({ values: { port: 2, level: 'debug' } });
    expect(read(['--port', '3', '--quiet'], environment, files)).toMatchObject({
      values: { port: 3, quiet: true },
    });
    expect(read(['--config=a.conf'], {}, files)).toMatchObject({ values: { port: 1 } });
  });

  it('lists every problem at once and says where each value came from', () => {
    const problems = problemsOf(() =>
      read(['--log-level', 'loud', '--colour', '--port'], { SALLYPORT_PUBLIC_URL: 'ftp://x' }, {}),
    );
    expect(problems).toEqual([
      '--colour is not an option; --help lists them all',
      '--port needs a value: --port <number>',
      '--log-level: expected one of info, debug, found "loud"',
      'SALLYPORT_PUBLIC_URL: expected a URL that starts with https://',
    ]);
    expect(problemsOf(() => read(['--config', 'none']))[0]).toContain(
      'The options file none cannot be read: no such file',
    );
    expect(problemsOf(() => read(['--config', 'f'], {}, { f: 'SALLYPORT_PROT=1' }))).toEqual([
      'SALLYPORT_PROT in f is not an option; --help lists them all',
    ]);
  });

  it('never shows a secret, not even a wrong one', () => {
    expect(problemsOf(() => read([], { SALLYPORT_SECRET: 'abc' })).join()).not.toContain('abc');
  });

  it('reports variables that look like ours and are not', () => {
    expect(read([], { SALLYPORT_PROT: '1', PATH: '/bin' })).toMatchObject({
      unknownVariables: ['SALLYPORT_PROT'],
    });
  });

  it('writes help and reference from the same definitions', () => {
    expect(read(['--port', 'x', '--help'])).toEqual({ kind: 'help' });
    const help = optionHelp('sallyport-server', 'serves', TABLE);
    const reference = optionReference(TABLE);
    for (const definition of Object.values(TABLE)) {
      expect(help).toContain(`--${definition.flag} `);
      expect(help).toContain(definition.environmentVariable);
      expect(reference).toContain(`\`${definition.environmentVariable}\``);
    }
    expect(reference).toContain('from host and port');
  });
});
