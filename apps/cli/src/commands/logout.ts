import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { removeSession, sessionPath } from '../session/session-file.ts';

export const logout = command({
  words: 'logout',
  summary: 'Forgets the kept sign-in.',
  details:
    'The token it held works on the server until it ends; to end it at once, rotate the secret of the application.',
  args: {},
  flags: {},
  examples: ['sallyport logout'],
  run: async (context) => {
    const removed = await removeSession(sessionPath(context.world.environment, context.profile));
    if (context.json) context.printJson({ profile: context.profile, removed });
    else context.print(removed ? 'Signed out.' : 'You were not signed in.');
    return EXIT_CODE.ok;
  },
});
