import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactElement, useEffect, useRef, useState } from 'react';

const SETTLE_MS = 250;

/** A text to search for. It is handed on when the typing pauses, and at once with Enter. */
export function SearchBox(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}): ReactElement {
  const { value, onSearch } = props;
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const send = (text: string): void => {
    sent.current = text;
    onSearch(text);
  };
  const sendSoon = useDebouncedCallback(send, SETTLE_MS);
  // The address changed by another way, such as the browser's Back.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send(typed);
        }}
      >
        <TextInput
          type="search"
          aria-label={props.label}
          placeholder={props.placeholder}
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            sendSoon(event.currentTarget.value);
          }}
        />
      </form>
    </search>
  );
}
