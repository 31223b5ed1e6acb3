import fc from 'fast-check';

/** Of the examples: the same each time, so that a red test is red for a change; the soak takes others. */
fc.configureGlobal({ seed: Number(process.env['ZUOXI_EXAMPLES'] ?? 20_261_122) });

export { fc };
