import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import type { ClientCredentials } from '@sallyport/contract';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import { makeClient } from '../api/make-client.ts';
import { ErrorNotice } from '../elements/error-notice.tsx';
import { Notice } from '../elements/notice.tsx';
import { Panel } from '../elements/panel.tsx';
import { usePageTitle } from '../navigation/use-page-title.ts';
import { type CredentialFaults, credentialFaults, tidyCredentials } from './credentials.ts';
import classes from './sign-in-page.module.css';

export function SignInPage(props: {
  readonly environmentId: string;
  readonly notice: string | undefined;
  readonly onSignIn: (credentials: ClientCredentials) => void;
}): ReactElement {
  usePageTitle('Sign in');
  const [typed, setTyped] = useState<ClientCredentials>({
    environmentId: props.environmentId,
    clientId: '',
    clientSecret: '',
  });
  const [faults, setFaults] = useState<CredentialFaults>({});
  const signIn = useMutation({
    mutationFn: async (credentials: ClientCredentials) => {
      // The token endpoint judges the credentials; reading the environment proves that the token is good for it.
      await makeClient(credentials).environments.read({ environmentId: credentials.environmentId });
      return credentials;
    },
    onSuccess: props.onSignIn,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = credentialFaults(typed);
    setFaults(found);
    if (Object.keys(found).length === 0) signIn.mutate(tidyCredentials(typed));
  };
  const field = (name: keyof ClientCredentials) => ({
    value: typed[name],
    error: faults[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  return (
    <main className={classes.page}>
      <Panel className={classes.card}>
        <form onSubmit={submit} noValidate>
          <Stack>
            <div>
              <Title order={1} size="h2">
                Sallyport
              </Title>
              <Text c="dimmed">Sign in with a worker application of your environment.</Text>
            </div>
            {props.notice === undefined ? null : <Notice tone="info">{props.notice}</Notice>}
            {signIn.isError ? <ErrorNotice error={signIn.error} title="Sign-in failed" /> : null}
            <TextInput
              label="Environment id"
              autoComplete="organization"
              spellCheck={false}
              autoFocus={props.environmentId === ''}
              {...field('environmentId')}
            />
            <TextInput
              label="Client id"
              autoComplete="username"
              spellCheck={false}
              autoFocus={props.environmentId !== ''}
              {...field('clientId')}
            />
            <PasswordInput label="Client secret" autoComplete="current-password" {...field('clientSecret')} />
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              The server printed these three when it started for the first time. They stay in this tab and are
              gone when it closes.
            </Text>
          </Stack>
        </form>
      </Panel>
    </main>
  );
}
