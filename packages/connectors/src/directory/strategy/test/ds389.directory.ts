import { PositionLost } from '@sallyport/engine';
import { readInboundSettings } from '@sallyport/model';
import { startDs389 } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectorySource } from '../../directory-source.ts';
import { SourceStage } from '../../test/source-stage.ts';
import { registerChangelogChoice } from './register-changelog-choice.ts';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

registerMemberDeltaSuite({
  name: '389 Directory Server',
  kind: 'standard',
  strategy: 'changelog',
  start: () => startDs389(),
  bigGroup: 5_000,
});
registerChangelogChoice('389 Directory Server', () => startDs389());

describe('a changelog of 389 Directory Server that was trimmed', () => {
  const signal = new AbortController().signal;
  let stage: SourceStage;
  beforeAll(async () => {
    stage = new SourceStage({
      name: '389 Directory Server',
      kind: 'standard',
      strategy: 'changelog',
      start: () => startDs389(),
    });
    await stage.start();
  });
  afterAll(() => stage.stop());

  // The root DSE goes on naming the old beginning.
  const trim = (number: number) => stage.admin.delete(`changenumber=${number},cn=changelog`);

  it('asks for a full read, also if nothing was in it before and if it goes while it is read', async () => {
    const { baseDn } = stage.directory;
    const touch = (value: string) => stage.replace(baseDn, 'description', value);
    const source = await stage.reader(baseDn);
    const empty = await stage.readAll(source);
    await touch('first');
    await touch('second');
    expect((await stage.follow(source, empty)).position).not.toEqual(empty.position);
    await trim(1);
    await expect(stage.follow(source, empty)).rejects.toThrow('the changelog was trimmed');

    const full = await stage.readAll(source);
    await touch('third');
    const trimming = new Proxy(stage.admin, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'search') return typeof value === 'function' ? value.bind(target) : value;
        return (...args: Parameters<typeof target.search>) => {
          const asksForContent = args[0].attributes?.includes('changes') === true;
          const stream = target.search(...args);
          if (!asksForContent) return stream;
          const late = (async function* () {
            yield* stream;
            await trim(2);
          })();
          return Object.assign(late, { outcome: stream.outcome });
        };
      },
    });
    const { settings } = readInboundSettings({ USERS_BASE_DN: baseDn, CHANGE_STRATEGY: 'changelog' });
    const racing = makeDirectorySource({
      link: trimming,
      settings,
      vendor: undefined,
      accountFlag: undefined,
    });
    await expect(stage.follow(racing, full)).rejects.toBeInstanceOf(PositionLost);
    await expect(stage.follow(source, full)).rejects.toThrow('not in the changelog any more');
    expect((await source.open(signal)).strategy).toBe('changelog');
  });
});
