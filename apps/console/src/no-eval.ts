import * as z from 'zod';

// zod tries `new Function` to make its checks faster. The page's content security policy refuses that and would report each try.
z.config({ jitless: true });
