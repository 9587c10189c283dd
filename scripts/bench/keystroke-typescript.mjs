// Keystroke to published diagnostics on a 5,000-line TypeScript file.
import { measureLanguage } from './keystroke.mjs';

/** @returns {Promise<import('./report.mjs').Section>} */
export const measure = () => measureLanguage('typescript');
