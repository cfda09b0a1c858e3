/** What a colour means. Never the only sign: a word always stands beside it. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'calm';
