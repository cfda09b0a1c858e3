import { createTheme, Modal } from '@mantine/core';

/** Colours and sizes are in theme.css: with generated variables off, only what components read from the theme is here. */
export const theme = createTheme({
  primaryColor: 'indigo',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Locking the scroll writes a <style> element, which the policy of the page refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
  },
});
