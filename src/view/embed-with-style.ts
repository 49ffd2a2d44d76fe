/** The bundle's entry: the views and their style sheet, which declarations cannot import. */
import './style.css';

export * from './embed.ts';
